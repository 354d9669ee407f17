import { compactVerify, createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet } from 'jose';
import { waitUntil } from '../../dev/wait-until.ts';
import { type Administrator, administrationEvents, administratorOf } from '../support/administration.ts';
import { type Phone, type Stack, startStack } from '../support/stack.ts';

let stack: Stack;
let admin: Administrator;
let phone: Phone;

beforeAll(async () => {
  stack = await startStack();
  admin = administratorOf(stack);
  phone = await stack.enrolPhone('alice');
});

afterAll(() => stack.stop());

async function approvedReceipt(): Promise<string> {
  const transactionId = await stack.begin(phone);
  await phone.client.approve(await phone.client.fetchChallenge(transactionId));
  const path = `/oauth/api/v4/authenticate/transaction/${transactionId}/receipt`;
  return (await stack.portal.request('GET', path)).body.receipt;
}

async function publishedKeys(): Promise<JSONWebKeySet> {
  return (await (await fetch(`${stack.apiUrl}/.well-known/jwks.json`)).json()) as JSONWebKeySet;
}

it('signs with a new key, publishes both, and receipts of the old one go on to verify', async () => {
  const before = await approvedReceipt();
  const rotations = await Promise.all(Array.from({ length: 16 }, () => admin.request('POST', '/keys/evidence/rotate')));
  expect(rotations.map(({ status }) => status)).toEqual(Array(16).fill(202));
  // A worker makes the next key by itself, before anything has to be signed.
  const readKeys = async () =>
    (await admin.read('/keys')).body.items as { purpose: string; inUse: boolean; kid: string }[];
  const isMade = async () => (await readKeys()).some(({ purpose, inUse }) => purpose === 'evidence' && inUse);
  await waitUntil(isMade, { what: 'the new key', withinMs: 20_000 });

  const items = await readKeys();
  const evidence = items.filter(({ purpose }) => purpose === 'evidence');
  const inUse = evidence.filter(({ inUse }) => inUse);
  expect(inUse).toHaveLength(1);
  const retired = rotations.map(({ body }) => body.retired).filter((id) => id !== null);
  expect(retired.length).toBeGreaterThanOrEqual(1);
  expect(evidence).toHaveLength(retired.length + 1);
  expect(items.filter(({ purpose }) => purpose === 'openpgp')).toMatchObject([{ inUse: true }]);
  expect(JSON.stringify(items)).not.toMatch(/"d"|PRIVATE/);

  const after = await approvedReceipt();
  expect(decodeProtectedHeader(after).kid).not.toBe(decodeProtectedHeader(before).kid);
  expect(decodeProtectedHeader(after).kid).toBe(inUse[0]?.kid);
  const isPublished = async () => (await publishedKeys()).keys.some(({ kid }) => kid === inUse[0]?.kid);
  await waitUntil(isPublished, { what: 'the new key, to be published,', withinMs: 20_000 });
  const keys = createLocalJWKSet(await publishedKeys());
  for (const receipt of [before, after]) await expect(compactVerify(receipt, keys)).resolves.toBeDefined();
  const names = (await administrationEvents(stack)).map(({ name }) => name);
  expect(names).toEqual(retired.map(() => 'ADMIN_EVIDENCE_KEY_RETIRED'));
});
