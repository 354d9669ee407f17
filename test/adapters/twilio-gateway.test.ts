import { createTwilioGateway } from '../../activities/adapters/twilio-gateway.ts';
import { failureOfTwilioReply } from '../../activities/adapters/twilio-replies.ts';
import { aNumber, anSms } from './an-sms.ts';
import { OUR_NUMBER, type SimulatedTwilio, startSimulatedTwilio } from './simulated-sms.ts';

const TIMEOUT_MS = 20_000;

let service: SimulatedTwilio;
beforeAll(async () => {
  service = await startSimulatedTwilio();
});
afterAll(() => service.simulator.stop());

function gatewayOf(settings = service.settings) {
  return createTwilioGateway(settings, {
    statusCallbackOf: ({ transactionId, step }) =>
      `http://127.0.0.1:1/status?transaction_id=${transactionId}&step=${step}`,
    timeoutMs: TIMEOUT_MS,
  });
}

it('sends text, sender, validity and the address for reports', async () => {
  const sms = anSms({ text: 'Code 012345\n\n@bank.example #012345', step: 2 });
  const receipt = await gatewayOf()(sms, TIMEOUT_MS);
  expect(await service.sentTo(sms.to)).toMatchObject([
    {
      id: (receipt as { providerMessageId: string }).providerMessageId,
      from: OUR_NUMBER,
      body: 'Code 012345\n\n@bank.example #012345',
      validityPeriodSeconds: 90,
      statusCallback: `http://127.0.0.1:1/status?transaction_id=${sms.transactionId}&step=2`,
    },
  ]);
});

it('leaves the sender to the messaging service where none is given', async () => {
  const { messagingServiceSid } = service.simulator.account;
  const sms = anSms({ from: null });
  const send = gatewayOf(JSON.stringify({ ...JSON.parse(service.settings), messagingServiceSid }));
  await expect(send(sms, TIMEOUT_MS)).resolves.toMatchObject({ ok: true });
  expect(await service.sentTo(sms.to)).toMatchObject([{ messagingServiceSid }]);
});

it('sends with an API key', async () => {
  const { apiKeySid, apiKeySecret } = service.simulator.account;
  const settings = { ...JSON.parse(service.settings), authToken: 'for reports alone', apiKeySid, apiKeySecret };
  await expect(gatewayOf(JSON.stringify(settings))(anSms(), TIMEOUT_MS)).resolves.toMatchObject({ ok: true });
});

describe('a refusal tells what it means', () => {
  it.each([
    [{ to: '+15005550001' }, 'number_refused', '21211'],
    [{ to: '+15005550004' }, 'number_refused', '21610'],
    [{ to: '+15005550009' }, 'number_refused', '21614'],
    [{ to: '+15005550002' }, 'sender_refused', '21612'],
    [{ to: '+15005550003' }, 'misconfigured', '21408'],
    [{ from: '+15055551234' }, 'sender_refused', '21660'],
    [{ from: '+15005550007' }, 'sender_refused', '21606'],
    [{ from: 'TwelveLetter' }, 'sender_refused', '21212'],
    [{ from: null }, 'sender_refused', '21603'],
    [{ from: '+15005550008' }, 'throttled', '21611'],
    [{ text: 'x'.repeat(1_601) }, 'message_refused', '21617'],
  ] as const)('%j: %s', async (fields, failure, providerCode) => {
    await expect(gatewayOf()(anSms(fields), TIMEOUT_MS)).resolves.toStrictEqual({ ok: false, failure, providerCode });
  });

  it.each([
    ['20003', 'misconfigured'],
    ['20429', 'throttled'],
    ['20500', 'gateway_unavailable'],
  ])('%s: %s', async (reply, failure) => {
    const to = aNumber();
    await service.behave({ to, reply });
    await expect(gatewayOf()(anSms({ to }), TIMEOUT_MS)).resolves.toMatchObject({ failure, providerCode: reply });
  });

  it('by the account with the wrong token', async () => {
    const settings = { ...JSON.parse(service.settings), authToken: 'wrong' };
    await expect(gatewayOf(JSON.stringify(settings))(anSms(), TIMEOUT_MS)).resolves.toMatchObject({
      failure: 'misconfigured',
    });
  });

  it.each([
    [404, undefined, 'misconfigured'],
    [429, undefined, 'throttled'],
    [502, undefined, 'gateway_unavailable'],
    [302, undefined, 'gateway_unavailable'],
    [400, 99_999, 'message_refused'],
  ])('of HTTP %i with code %s: %s', (status, code, failure) => {
    expect(failureOfTwilioReply(status, code)).toBe(failure);
  });
});

describe('a gateway that does not answer', () => {
  it.each(['hang', 'drop'])('(%s) is unavailable', async (reply) => {
    const to = aNumber();
    await service.behave({ to, reply });
    const timeoutMs = reply === 'hang' ? 300 : TIMEOUT_MS;
    await expect(gatewayOf()(anSms({ to }), timeoutMs)).resolves.toStrictEqual({
      ok: false,
      failure: 'gateway_unavailable',
    });
  });

  it('because nothing listens there is unavailable', async () => {
    const gone = await startSimulatedTwilio();
    await gone.simulator.stop();
    await expect(gatewayOf(gone.settings)(anSms(), TIMEOUT_MS)).resolves.toMatchObject({
      failure: 'gateway_unavailable',
    });
  });
});

it.each([
  ['no JSON', 'none'],
  ['no account', '{}'],
  ['an account that is none', '{"accountSid":"AC1","authToken":"x"}'],
])('throws on settings with %s', (_name, settings) => {
  expect(() => gatewayOf(settings)).toThrow();
});
