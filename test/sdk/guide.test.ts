import { readFileSync } from 'node:fs';
import { ERRORS } from '../../runtime/errors.ts';
import { LOCAL_CODES, localError, problemError } from '../../sdk/errors.ts';

const guide = readFileSync('docs/sdk.md', 'utf8');

it('lists every error that arises on the phone, with its number', () => {
  const documented = [...guide.matchAll(/^\| `([a-z_]+)` \| (\d+) \|/gm)].map(([, code, number]) => [
    code,
    Number(number),
  ]);
  expect(documented).toEqual(LOCAL_CODES.map((code) => [code, localError(code, '').number]));
});

it('tells every number that the server can give', () => {
  const told = guide.slice(guide.indexOf("\nThe server's:"));
  for (const [code, { status }] of Object.entries(ERRORS)) {
    expect(told).toContain(String(problemError(code, '', { status }).number));
  }
});
