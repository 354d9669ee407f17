import { type CallbackServer, startCallbackServer } from '../../dev/cli/portal/callback-server.ts';

let callbacks: CallbackServer;
beforeEach(async () => {
  callbacks = await startCallbackServer(0);
});
afterEach(() => callbacks.close());

async function post(body: string, uri = callbacks.uri, method = 'POST'): Promise<number> {
  const response = await fetch(uri, { method, ...(method === 'POST' && { body }) });
  return response.status;
}
const callbackOf = (transaction_id: string) => JSON.stringify({ callback_uri: callbacks.uri, transaction_id });

it('finds a callback that came before it was waited for', async () => {
  await expect(post(callbackOf('early'))).resolves.toBe(204);
  await expect(callbacks.waitFor('early', 0)).resolves.toBe(true);
});

it('wakes the one who waits, for the right transaction only', async () => {
  const waiting = callbacks.waitFor('mine', 60_000);
  await post(callbackOf('another'));
  await post(callbackOf('mine'));
  await expect(waiting).resolves.toBe(true);
  await expect(callbacks.waitFor('nobody', 0)).resolves.toBe(false);
});

it('refuses what is not a callback', async () => {
  await expect(post('{')).resolves.toBe(400);
  await expect(post('{"transaction_id":7}')).resolves.toBe(400);
  await expect(post(callbackOf('x'.repeat(5_000)))).resolves.toBe(400);
  await expect(post(callbackOf('mine'), callbacks.uri.replace('/callback', '/other'))).resolves.toBe(400);
  await expect(post('', callbacks.uri, 'GET')).resolves.toBe(400);
  await expect(callbacks.waitFor('mine', 0)).resolves.toBe(false);
});

it('says which port is taken', async () => {
  const port = Number(new URL(callbacks.uri).port);
  await expect(startCallbackServer(port)).rejects.toThrow(String(port));
});
