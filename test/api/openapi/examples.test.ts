import { administratorOf } from '../../support/administration.ts';
import { describedSurfaces } from '../../support/api-description.ts';
import {
  CONSOLE_LOCAL_ACCOUNT,
  createPreparation,
  METRICS_TOKEN,
  type Preparation,
  type Prepare,
} from '../../support/examples.ts';
import { misfitsOf } from '../../support/json-schema.ts';
import type { PortalReply } from '../../support/portal.ts';
import { type Stack, startStack } from '../../support/stack.ts';

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly example?: string;
}
interface Body {
  readonly schema: Readonly<Record<string, unknown>>;
  readonly examples?: Readonly<Record<string, { readonly value: Readonly<Record<string, unknown>> }>>;
}
interface Described {
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Body>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Body>> }>>;
}

let stack: Stack;
let prepare: Prepare;
let paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;

beforeAll(async () => {
  stack = await startStack({ withSms: true, env: { METRICS_TOKEN, CONSOLE_LOCAL_ACCOUNT } });
  prepare = await createPreparation(stack);
  const reply = await stack.portal.request('GET', '/openapi.json', { headers: { authorization: '' } });
  paths = reply.body.paths;
});
afterAll(() => stack?.stop());

it('the description is served to everybody, and so is its page, which may load nothing', async () => {
  const [document, page] = await Promise.all(['/openapi.json', '/docs'].map((path) => fetch(stack.apiUrl + path)));
  expect(await document?.json()).toMatchObject({ openapi: '3.1.1', servers: [{ url: stack.apiUrl }] });
  expect(page?.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(page?.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-[\w+/=]+'; /);
  const html = (await page?.text()) ?? '';
  expect(html).not.toMatch(
    /<script|<link|<img|\bsrc=|\bon\w+=|https?:\/\/(?!shop\.example|sms\.example|www\.w3\.org)/i,
  );
  for (const path of Object.keys(paths)) expect(html).toContain(`<code>${path}</code>`);
});

/** What is created is read, changed, and deleted in the opposite order, so that nothing is missed that it refers to. */
const all = describedSurfaces().flatMap(({ operations }) =>
  operations.map(({ method, path, request }) => ({
    method,
    path,
    names: Object.keys(request?.examples ?? { nothing: 1 }),
  })),
);
const isResource = (path: string) =>
  all.some((one) => one.method === 'patch' && one.path === path && /^\/admin/.test(path));
const isCreation = ({ method, path }: (typeof all)[number]) =>
  method === 'post' && all.some((one) => one.path.startsWith(`${path}/{`) && isResource(one.path));
const isDeletion = ({ method, path }: (typeof all)[number]) => method === 'delete' && isResource(path);
const ordered = [
  ...all.filter(isCreation),
  ...all.filter((one) => !isCreation(one) && !isDeletion(one)),
  ...all.filter(isDeletion).reverse(),
];
const cases = ordered.flatMap(({ method, path, names }) => names.map((name) => [method, path, name] as const));

it.each(cases)('%s %s succeeds by its example %s', async (method, path, name) => {
  const described = paths[path]?.[method] as Described;
  const preparation = await prepare(`${method} ${path}`);
  const reply = await send(described, { method: method.toUpperCase(), path, name }, preparation);
  const success = described.responses[reply.status];
  expect(`${reply.status} ${JSON.stringify(reply.body)}`).toMatch(/^2\d\d /);
  expect(success).toBeDefined();
  const [[mediaType, content] = []] = Object.entries(success?.content ?? {});
  expect(reply.headers.get('content-type')?.split(';')[0]).toBe(mediaType);
  if (content) expect(misfitsOf(content.schema, reply.body)).toEqual([]);
});

async function send(
  { parameters, requestBody }: Described,
  { method, path, name }: { readonly method: string; readonly path: string; readonly name: string },
  { values = {}, phone, isEnrolment, headersOf }: Preparation,
): Promise<PortalReply> {
  const of = (place: Parameter['in']) => parameters.filter((one) => one.in === place && one.example !== undefined);
  const fill = (text: string): string =>
    Object.entries(values).reduce((filled, [shown, real]) => filled.replaceAll(shown, real), text);
  const filledPath = of('path').reduce(
    (filled, one) => filled.replace(`{${one.name}}`, encodeURIComponent(fill(String(one.example)))),
    path,
  );
  const query = new URLSearchParams(of('query').map((one) => [one.name, fill(String(one.example))])).toString();
  const address = filledPath + (query && `?${query}`);
  const [[mediaType, content] = []] = Object.entries(requestBody?.content ?? {});
  const example = content && (JSON.parse(fillJson(JSON.stringify(content.examples?.[name]?.value), values)) as object);
  if (phone) {
    const proof = isEnrolment && { header: { kid: undefined, jwk: publicHalf(phone.signingKey) } };
    return phone.request(method, address, example, proof || {}) as Promise<PortalReply>;
  }
  const isForm = mediaType === 'application/x-www-form-urlencoded';
  const form = isForm ? (example as Record<string, string>) : {};
  const body = isForm ? new URLSearchParams(form).toString() : example && JSON.stringify(example);
  const headers = {
    ...(mediaType && { 'content-type': mediaType }),
    ...(of('header').some((one) => one.name === 'if-match') && { 'if-match': await etagOf(filledPath) }),
    ...headersOf?.(stack.apiUrl + address, form),
  };
  return stack.portal.request(method, address, { headers, ...(body !== undefined && { body }) });
}

/** The same in JSON text, where line breaks are written out. */
function fillJson(text: string, values: Readonly<Record<string, string>>): string {
  return Object.entries(values).reduce(
    (filled, [shown, real]) =>
      shown.startsWith('"') ? filled.replaceAll(shown, real) : filled.replaceAll(inner(shown), inner(real)),
    text,
  );
}

const inner = (text: string): string => JSON.stringify(text).slice(1, -1);

const publicHalf = ({ kty, crv, x, y }: Readonly<Record<string, unknown>>) => ({ kty, crv, x, y });

async function etagOf(path: string): Promise<string> {
  const { headers } = await administratorOf(stack).read(path.replace('/admin/v1', ''));
  return headers.get('etag') ?? 'none';
}
