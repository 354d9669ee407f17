import { createRestSmsGateway } from '../../activities/adapters/rest-sms-gateway.ts';
import { aNumber, anSms } from './an-sms.ts';
import { type SimulatedRest, startSimulatedRest } from './simulated-sms.ts';

const TIMEOUT_MS = 20_000;

let service: SimulatedRest;
let gateway: ReturnType<typeof createRestSmsGateway>;

beforeAll(async () => {
  service = await startSimulatedRest();
  gateway = createRestSmsGateway(service.settings);
});

afterAll(async () => {
  await gateway.close();
  await service.simulator.stop();
});

it('sends number, text, code and sender, and names the step', async () => {
  const sms = anSms({ from: 'Bank', step: 3 });
  const reference = `${sms.transactionId}-3`;
  await expect(gateway.send(sms, TIMEOUT_MS)).resolves.toStrictEqual({ ok: true, providerMessageId: reference });
  expect(await service.sentTo(sms.to)).toMatchObject([
    { from: 'Bank', body: sms.text, verificationCode: '012345', idempotencyKey: reference },
  ]);
});

it('leaves the sender out where there is none', async () => {
  const sms = anSms({ from: null });
  await expect(gateway.send(sms, TIMEOUT_MS)).resolves.toMatchObject({ ok: true });
  expect(await service.sentTo(sms.to)).toMatchObject([{ from: null }]);
});

it.each([
  [200, 'gateway_unavailable'],
  [202, 'gateway_unavailable'],
  [302, 'gateway_unavailable'],
  [400, 'message_refused'],
  [401, 'misconfigured'],
  [404, 'misconfigured'],
  [429, 'throttled'],
  [500, 'gateway_unavailable'],
  [503, 'gateway_unavailable'],
])('takes nothing but 204 for a yes: %i is %s', async (reply, failure) => {
  const to = aNumber();
  await service.behave({ to, reply });
  await expect(gateway.send(anSms({ to }), TIMEOUT_MS)).resolves.toStrictEqual({
    ...{ ok: false, failure, providerCode: `http_${reply}` },
  });
  expect(await service.sentTo(to)).toStrictEqual([]);
});

it.each(['hang', 'drop'])('a gateway that does not answer (%s) is unavailable', async (reply) => {
  const to = aNumber();
  await service.behave({ to, reply });
  const receipt = await gateway.send(anSms({ to }), reply === 'hang' ? 300 : TIMEOUT_MS);
  expect(receipt).toStrictEqual({ ok: false, failure: 'gateway_unavailable' });
});

it('is refused with the wrong password', async () => {
  const stranger = createRestSmsGateway(JSON.stringify({ ...JSON.parse(service.settings), password: 'wrong' }));
  await expect(stranger.send(anSms(), TIMEOUT_MS)).resolves.toMatchObject({ failure: 'misconfigured' });
  await stranger.close();
});

it.each([
  ['no JSON', 'none'],
  ['no address', '{}'],
  ['an address of another kind', '{"url":"ftp://sms.example"}'],
  ['a name without a password', '{"url":"https://sms.example","username":"x"}'],
])('throws on settings with %s', (_name, settings) => {
  expect(() => createRestSmsGateway(settings)).toThrow();
});
