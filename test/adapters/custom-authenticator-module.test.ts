import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadCustomAuthenticatorModule } from '../../activities/adapters/custom-authenticator-module.ts';
import { createCustomAuthenticators } from '../../activities/adapters/custom-authenticators.ts';
import type { CustomProof } from '../../activities/ports.ts';

const PROOF: CustomProof = {
  ...{ transactionId: 't', userId: 'alice', applicationId: 'app', deviceId: 'd' },
  payload: 'face-7',
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-verifier-'));
});
afterAll(() => rm(folder, { recursive: true }));

let count = 0;
/** Writes a module of its own and loads it; what it complains of is in `warnings`. */
async function load(source: string, timeoutMs?: number) {
  count += 1;
  const path = join(folder, `verifier-${count}.mjs`);
  await writeFile(path, source);
  const warnings: unknown[] = [];
  const ask = await loadCustomAuthenticatorModule(path, (error) => warnings.push(error), timeoutMs);
  return { ask, warnings };
}

it('asks the module with the proof, and takes its verdict', async () => {
  const { ask } = await load(
    "export const verify = async ({ userId, payload }) => ({ accepted: payload === 'face-7', status: 2000, data: userId });",
  );
  await expect(ask(PROOF)).resolves.toEqual({ isAccepted: true, custom: { status: 2000, data: 'alice' } });
  await expect(ask({ ...PROOF, payload: 'x' })).resolves.toMatchObject({ isAccepted: false });
});

it.each(['({ accepted: "true" })', '({})', 'true', 'undefined', 'null', '({ accepted: true, status: "2000" })'])(
  'takes %s for a no',
  async (verdict) => {
    const { ask } = await load(`export const verify = () => ${verdict};`);
    await expect(ask(PROOF)).resolves.toEqual({ isAccepted: false });
  },
);

it.each(['() => { throw new Error("broken"); }', 'async () => { throw new Error("broken"); }'])(
  'takes a module that fails for a no, and tells (%s)',
  async (verify) => {
    const { ask, warnings } = await load(`export const verify = ${verify};`);
    await expect(ask(PROOF)).resolves.toEqual({ isAccepted: false });
    expect(warnings).toMatchObject([{ message: 'broken' }]);
  },
);

it('waits no longer than its time, and tells the module when it is up', async () => {
  const { ask, warnings } = await load(
    `export const verify = (proof, { signal }) => new Promise((resolve, reject) => {
       signal.addEventListener('abort', () => { globalThis.verifierHeard = true; reject(new Error('late')); });
     });`,
    50,
  );
  await expect(ask(PROOF)).resolves.toEqual({ isAccepted: false });
  expect(globalThis).toHaveProperty('verifierHeard', true);
  expect(warnings).toEqual([]);
});

it.each([
  ['exports something else', 'export const check = () => true;', 'exports no function "verify"'],
  ['can not be loaded', 'export const verify = ;', 'Unexpected token'],
])('refuses a module that %s', async (_how, source, message) => {
  await expect(load(source)).rejects.toThrow(message);
});

describe('the settings of an application', () => {
  const hook = { ask: async () => ({ isAccepted: true, custom: { status: 1 } }) };
  const askModule = async () => ({ isAccepted: true, custom: { status: 2 } });
  const verifyBy = (settings: string | undefined, module = true) =>
    createCustomAuthenticators(async () => settings, hook, module ? askModule : undefined).verify(PROOF);

  it('say who is asked', async () => {
    expect(await verifyBy('{"url":"https://verifier.example","secret":"s"}')).toMatchObject({ custom: { status: 1 } });
    expect(await verifyBy('{"inProcess":true}')).toMatchObject({ custom: { status: 2 } });
  });

  it.each([
    undefined,
    '',
    '{',
    '{"inProcess":false}',
    '{"url":"https://verifier.example"}',
    '{"url":"x","secret":"s"}',
  ])('that are %j name nobody: a no', async (settings) => {
    expect(await verifyBy(settings)).toEqual({ isAccepted: false });
  });

  it('name nobody where the worker has no module', async () => {
    expect(await verifyBy('{"inProcess":true}', false)).toEqual({ isAccepted: false });
  });
});
