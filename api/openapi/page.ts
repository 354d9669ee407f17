import { createHash } from 'node:crypto';
import { jsonSchemaOf, operationIdOf } from './document.ts';
import type { Operation, Reply, Surface } from './operation.ts';
import { codesOf } from './refusals.ts';

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { max-width: 62rem; margin: 0 auto; padding: 1rem }
details { border-top: 1px solid #8886; padding: .3rem 0 }
summary { cursor: pointer; overflow-wrap: anywhere }
summary b { display: inline-block; min-width: 4.5rem; text-transform: uppercase }
pre { overflow: auto; padding: .6rem; background: #8882; font-size: .85rem; max-height: 24rem }
nav a { margin-right: 1rem }
`;

/**
 * What the page may load: nothing but the style that stands in it, by its hash. It has no script, and asks nobody.
 */
export const PAGE_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The description of the API as a page for people. */
export function pageOf(surfaces: readonly Surface[]): string {
  const links = surfaces.map(({ name }) => `<a href="#${anchorOf(name)}">${escaped(name)}</a>`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Countersign API</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Countersign API</h1>
<p>For machines: <a href="/openapi.json">openapi.json</a>.</p>
<nav>${links.join(' ')}</nav>
${surfaces.map(sectionOf).join('\n')}
</body>
</html>
`;
}

function sectionOf(surface: Surface): string {
  return `<section>
<h2 id="${anchorOf(surface.name)}">${escaped(surface.name)}</h2>
<p>${escaped(surface.description)}</p>
${surface.operations.map((operation) => operationOf(surface, operation)).join('\n')}
</section>`;
}

const CREDENTIALS = {
  client: 'Credentials of an API client.',
  stages: 'The <code>events_token</code> of the transaction, or credentials of its API client.',
  operator: 'Credentials of an API client, or a session of the console.',
  session: 'A session of the console.',
  device: 'The header <code>Device-Proof</code>.',
  none: 'No credentials.',
} as const;

function operationOf(surface: Surface, operation: Operation): string {
  const { method, path, summary, credential, query, headers = {}, request, replies } = operation;
  const codes = [...codesOf(surface, operation)];
  const examples = Object.entries(request?.examples ?? {}).map(
    ([name, value]) => `<p>For example, ${escaped(name)}:</p>${pre(value)}`,
  );
  return `<details id="${operationIdOf(operation)}">
<summary><b>${method}</b> <code>${escaped(path)}</code> ${escaped(summary)}</summary>
<p>${CREDENTIALS[credential]}</p>
${Object.entries(headers)
  .map(([name, { description }]) => `<p>Header <code>${escaped(name)}</code>: ${escaped(description)}</p>`)
  .join('')}
${query ? `<h4>Query</h4>${pre(jsonSchemaOf(query.schema))}` : ''}
${request ? `<h4>Request (${request.mediaType})</h4>${examples.join('')}${pre(jsonSchemaOf(request.schema))}` : ''}
${replies.map(replyOf).join('\n')}
<p>Refused: ${codes.map((code) => `<code>${code}</code>`).join(', ') || 'never'}.</p>
</details>`;
}

function replyOf({ status, description, body }: Reply): string {
  const content = body ? `${pre(body.example)}${pre(jsonSchemaOf(body.schema))}` : '';
  return `<h4>${status}: ${escaped(description)}${body ? ` (${body.mediaType})` : ''}</h4>${content}`;
}

function pre(value: unknown): string {
  return `<pre>${escaped(typeof value === 'string' ? value : JSON.stringify(value, null, 2))}</pre>`;
}

function anchorOf(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
}
