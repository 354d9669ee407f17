import type { MessageLog } from './message-log.ts';

const SHOWN = 100;

/** What is shown of a service: its name, and its messages by the heads of columns. */
export interface Shown<Message> {
  readonly title: string;
  /** Address of the same as JSON. */
  readonly listPath: string;
  readonly columns: Readonly<Record<string, (message: Message) => unknown>>;
}

/** What arrived lately, newest first, for people; loads itself anew, and needs no scripts. */
export function pageOf<Message extends object>(
  { title, listPath, columns }: Shown<Message>,
  log: MessageLog<Message>,
): string {
  const rows = log.latest(SHOWN).map((message) => {
    const cells = [message.receivedAt, ...Object.values(columns).map((cellOf) => cellOf(message))];
    return `<tr>${cells.map((cell) => `<td>${escaped(textOf(cell))}</td>`).join('')}</tr>`;
  });
  const heads = ['received', ...Object.keys(columns)];
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="refresh" content="3">
<title>${title}</title>
<style>body{font:14px system-ui;margin:2rem}td,th{padding:.3rem .6rem;text-align:left;vertical-align:top;overflow-wrap:anywhere;white-space:pre-wrap;border-bottom:1px solid #ddd}</style>
<h1>${title}</h1>
<p>${rows.length === 0 ? 'Nothing has arrived yet.' : `The last ${rows.length}, newest first.`}
The same as JSON: <a href="${listPath}">${listPath}</a></p>
<table><thead><tr>${heads.map((head) => `<th>${head}</th>`).join('')}</tr></thead><tbody>
${rows.join('\n')}
</tbody></table>
</html>
`;
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '–';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
