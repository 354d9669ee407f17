import type { PushedMessage, PushLog } from './push-log.ts';

const SHOWN = 100;

/** What is shown of a service: its name, and its messages by the heads of columns. */
export interface Shown {
  readonly title: string;
  readonly columns: Readonly<Record<string, (message: PushedMessage) => unknown>>;
}

/** What arrived lately, newest first, for people; needs no scripts. */
export function pageOf({ title, columns }: Shown, log: PushLog): string {
  const rows = log.latest(SHOWN).map(({ receivedAt, message }) => {
    const cells = [receivedAt, ...Object.values(columns).map((cellOf) => cellOf(message))];
    return `<tr>${cells.map((cell) => `<td>${escaped(textOf(cell))}</td>`).join('')}</tr>`;
  });
  const heads = ['received', ...Object.keys(columns)];
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>${title}</title>
<style>body{font:14px system-ui;margin:2rem}td,th{padding:.3rem .6rem;text-align:left;vertical-align:top;overflow-wrap:anywhere;border-bottom:1px solid #ddd}</style>
<h1>${title}</h1>
<p>${rows.length === 0 ? 'Nothing has arrived yet.' : `The last ${rows.length} pushes, newest first.`}
The same as JSON: <a href="/simulator/pushes">/simulator/pushes</a></p>
<table><thead><tr>${heads.map((head) => `<th>${head}</th>`).join('')}</tr></thead><tbody>
${rows.join('\n')}
</tbody></table>
</html>
`;
}

function textOf(value: unknown): string {
  if (value === undefined) return '–';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
