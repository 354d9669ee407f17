import fc from 'fast-check';
import { pathParameterOf } from '../../api/openapi/example-values.ts';
import type { Operation } from '../../api/openapi/operation.ts';

/** A request as its bytes go out. */
export interface RandomRequest {
  readonly method: string;
  readonly address: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
  /** How the request shows who makes it. */
  readonly credential: 'good' | 'bad' | 'none';
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE', 'PROPFIND'];

const segment = fc.oneof(
  fc.constantFrom('%00', 'a%00b', '%', '%zz', '%2F', '..%2f..%2f', '%C3%28', '%ED%A0%80', '%F0%9F%98%80', '__proto__'),
  fc.constantFrom('a'.repeat(300), '9'.repeat(40), '%41'.repeat(1_000), 'x@demo', '@', 'a@@b', "'%20or%20''%3d'", '.'),
  fc.string({ unit: 'binary', maxLength: 20 }).map((text) => encodeURIComponent(text.toWellFormed()) || '%20'),
);

const queries = fc.oneof(
  fc.constantFrom('', 'limit=0', 'limit=1e3', 'limit=5&limit=6', 'after=%00', 'after=WyJcdTAwMDAiXQ', 'after=e30', '%'),
  fc.constantFrom('page=999999999&size=1000', 'size=0', 'start_date=99999999999999999', 'event_type=a&event_type=b'),
  fc.constantFrom(
    'user_id=%00',
    'user_id=%ED%A0%80',
    'format=QR&message=%00',
    `message=${'m'.repeat(3_000)}&format=qr`,
  ),
  fc.constantFrom('transaction_id=x&step=-1', '__proto__=1', 'a[b]=c', '&&&=', `${'q='.repeat(2_000)}`),
);

const wild: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, true, -1, 1e308, '', '\0', '\ud800', 'x'.repeat(5_000), [], {}, [[[]]], '__proto__'),
  fc.jsonValue({ maxDepth: 2 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
);

const rawBodies = fc
  .oneof(
    fc.constantFrom('', '{', '[]', 'null', '"text"', '7', '{"a":1}{"b":2}', '['.repeat(20_000), '\ufeff{}', 'a=1&a=2'),
    fc.constantFrom('type=push&user_id=a%00b', 'type=%C3%28', 'type=%', '&'.repeat(3_000), 'x'.repeat(70_000)),
  )
  .map((text) => Buffer.from(text));

const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array));

const mediaTypes = fc.constantFrom(
  ...['application/json', 'application/x-www-form-urlencoded', 'application/merge-patch+json', 'text/plain', ''],
  ...['application/json; charset=utf-16', 'application/json; charset=nope', 'multipart/form-data; boundary=x', '/'],
);

const oddHeaders = fc.constantFrom<Readonly<Record<string, string>>>(
  ...[{}, {}, {}, { 'if-match': 'W/"1"' }, { 'if-match': '*x' }, { 'if-match': `"${'9'.repeat(30)}"` }],
  ...[{ 'idempotency-key': '' }, { 'idempotency-key': 'k'.repeat(300) }, { 'app-version': '\u00e9'.repeat(60) }],
  ...[
    { 'agent-user': '\u00ff' },
    { accept: 'image/svg+xml' },
    { accept: ';;q=' },
    { 'accept-language': 'x'.repeat(999) },
  ],
  ...[{ 'content-encoding': 'gzip' }, { 'content-encoding': 'br' }, { 'content-encoding': 'nope' }],
  ...[{ 'x-twilio-signature': '\u00ff' }, { 'user-agent': '\u00ff'.repeat(500) }, { 'x-forwarded-for': "'; --" }],
);

/** Any request to any of these routes: some right in all but one thing, some in nothing. */
export function randomRequest(operations: readonly Operation[]): fc.Arbitrary<RandomRequest> {
  return fc.constantFrom(...operations).chain((operation) =>
    fc.record({
      method: fc.oneof(
        { weight: 4, arbitrary: fc.constant(operation.method.toUpperCase()) },
        fc.constantFrom(...METHODS),
      ),
      address: fc.tuple(pathOf(operation), queries).map(([path, query]) => (query === '' ? path : `${path}?${query}`)),
      headers: headersOf(operation),
      body: bodyOf(operation),
      credential: fc.constantFrom('good', 'good', 'good', 'bad', 'none'),
    }),
  );
}

function pathOf({ path, parameters = {} }: Operation): fc.Arbitrary<string> {
  const parts = path.split('/').map((part) => {
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name === undefined) return fc.constant(part);
    const example = (parameters[name] ?? pathParameterOf(path, name))?.example ?? '';
    return fc.oneof(fc.constant(encodeURIComponent(example)), segment);
  });
  return fc.tuple(...parts).map((all) => all.join('/'));
}

function headersOf({ request }: Operation): fc.Arbitrary<Readonly<Record<string, string>>> {
  const type = request
    ? fc.oneof({ weight: 3, arbitrary: fc.constant<string>(request.mediaType) }, mediaTypes)
    : mediaTypes;
  return fc.tuple(type, oddHeaders).map(([mediaType, odd]) => ({
    ...(mediaType !== '' && { 'content-type': mediaType }),
    ...odd,
  }));
}

function bodyOf({ request }: Operation): fc.Arbitrary<Buffer | undefined> {
  const [example] = Object.values(request?.examples ?? {});
  const others = fc.oneof(rawBodies, bytes, fc.constant(undefined));
  if (!request || !example) return others;
  const isForm = request.mediaType === 'application/x-www-form-urlencoded';
  const changed = fc.tuple(fc.constantFrom('unknown', ...Object.keys(example)), wild).map(([name, value]) => {
    const all = { ...example, [name]: value };
    return Buffer.from(isForm ? formOf(all) : JSON.stringify(all));
  });
  return fc.oneof({ weight: 3, arbitrary: changed }, others);
}

/** Lists become repeated parameters. */
function formOf(fields: Readonly<Record<string, unknown>>): string {
  const pairs = Object.entries(fields).flatMap(([name, value]) =>
    [value].flat().map((one) => [name, typeof one === 'object' ? JSON.stringify(one) : String(one)]),
  );
  return new URLSearchParams(pairs as [string, string][]).toString();
}
