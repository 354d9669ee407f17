import { createSmsGateways } from '../../activities/adapters/sms-gateways.ts';
import type { SmsGatewayConfiguration } from '../../activities/ports.ts';
import { aNumber, anSms } from './an-sms.ts';
import { type SimulatedRest, type SimulatedTwilio, startSimulatedRest, startSimulatedTwilio } from './simulated-sms.ts';

const TIMEOUT_MS = 20_000;
const realNow = Date.now;

let twilio: SimulatedTwilio;
let rest: SimulatedRest;
let configured: SmsGatewayConfiguration[];
let reads: number;
let printed: string[];
let isBroken: boolean;

beforeAll(async () => {
  [twilio, rest] = await Promise.all([startSimulatedTwilio(), startSimulatedRest()]);
});

afterAll(async () => {
  await Promise.all([twilio.simulator.stop(), rest.simulator.stop()]);
});

beforeEach(() => {
  configured = [];
  reads = 0;
  printed = [];
  isBroken = false;
});

afterEach(() => {
  Date.now = realNow;
});

function configuration(kind: SmsGatewayConfiguration['kind'], settings: string, version = 1): SmsGatewayConfiguration {
  return { id: `id of ${kind}`, name: `the ${kind}`, kind, version, settings };
}

function open({ mayPrint = true } = {}) {
  const store = {
    async list() {
      reads += 1;
      if (isBroken) throw new Error('database is gone');
      return configured;
    },
  };
  return createSmsGateways(store, {
    statusCallbackOf: undefined,
    timeoutMs: TIMEOUT_MS,
    print: mayPrint ? (line) => printed.push(line) : undefined,
  });
}

function passFreshness(): void {
  const before = Date.now;
  Date.now = () => before() + 1_001;
}

it('has the gateways that are configured, in their order, each sending by its own service', async () => {
  configured = [configuration('twilio', twilio.settings), configuration('rest', rest.settings)];
  const gateways = open();
  const [first, second] = await gateways.inOrder();
  expect([first?.name, second?.name]).toStrictEqual(['the twilio', 'the rest']);
  const [one, two] = [anSms(), anSms()];
  await expect(first?.send(one, TIMEOUT_MS)).resolves.toMatchObject({ ok: true });
  await expect(second?.send(two, TIMEOUT_MS)).resolves.toMatchObject({ ok: true });
  expect([(await twilio.sentTo(one.to)).length, (await rest.sentTo(two.to)).length]).toStrictEqual([1, 1]);
  await gateways.close();
});

it('has none where none is configured', async () => {
  expect(await open().inOrder()).toStrictEqual([]);
});

it('reads the configuration once for many messages in a row', async () => {
  configured = [configuration('rest', rest.settings)];
  const gateways = open();
  for (let count = 0; count < 5; count += 1) await gateways.inOrder();
  expect(reads).toBe(1);
  await gateways.close();
});

it('takes changed settings, a changed order and a gateway less up within a second', async () => {
  configured = [configuration('rest', '{"url":"http://127.0.0.1:1/sms"}'), configuration('twilio', twilio.settings)];
  const gateways = open();
  const failing = await gateways.inOrder();
  await expect(failing[0]?.send(anSms(), TIMEOUT_MS)).resolves.toMatchObject({ failure: 'gateway_unavailable' });
  configured = [configuration('twilio', twilio.settings), configuration('rest', rest.settings, 2)];
  passFreshness();
  const working = await gateways.inOrder();
  expect(working.map(({ name }) => name)).toStrictEqual(['the twilio', 'the rest']);
  await expect(working[1]?.send(anSms(), TIMEOUT_MS)).resolves.toMatchObject({ ok: true });
  configured = [];
  passFreshness();
  expect(await gateways.inOrder()).toStrictEqual([]);
  await gateways.close();
});

it('does not lose a message that is under way while its gateway changes', async () => {
  const to = aNumber();
  await rest.behave({ to, delayMs: 500, next: 1 });
  configured = [configuration('rest', rest.settings)];
  const gateways = open();
  const [gateway] = await gateways.inOrder();
  const underWay = gateway?.send(anSms({ to }), TIMEOUT_MS);
  await rest.waitFor(to);
  configured = [configuration('rest', rest.settings, 2)];
  passFreshness();
  await gateways.inOrder();
  await expect(underWay).resolves.toMatchObject({ ok: true });
  await gateways.close();
});

it('is back as soon as the configuration can be read again', async () => {
  configured = [configuration('rest', rest.settings)];
  const gateways = open();
  isBroken = true;
  await expect(gateways.inOrder()).rejects.toThrow('database is gone');
  isBroken = false;
  expect(await gateways.inOrder()).toHaveLength(1);
  await gateways.close();
});

it.each(['twilio', 'rest'] as const)('a %s whose settings are none of its kind is misconfigured', async (kind) => {
  for (const settings of ['SENTINEL', '{}']) {
    configured = [configuration(kind, settings)];
    const [gateway] = await open().inOrder();
    await expect(gateway?.send(anSms(), TIMEOUT_MS)).resolves.toStrictEqual({ ok: false, failure: 'misconfigured' });
  }
});

describe('the console', () => {
  it('prints what it "sends"', async () => {
    configured = [configuration('console', '{}')];
    const [gateway] = await open().inOrder();
    const sms = anSms({ from: 'Bank', text: 'Code 012345\n\n@bank.example #012345' });
    await expect(gateway?.send(sms, TIMEOUT_MS)).resolves.toMatchObject({ ok: true });
    expect(printed).toStrictEqual([`SMS to ${sms.to} from Bank: "Code 012345\\n\\n@bank.example #012345"`]);
  });

  it('prints nothing where it was not allowed to', async () => {
    configured = [configuration('console', '{}')];
    const [gateway] = await open({ mayPrint: false }).inOrder();
    await expect(gateway?.send(anSms(), TIMEOUT_MS)).resolves.toStrictEqual({ ok: false, failure: 'misconfigured' });
    expect(printed).toStrictEqual([]);
  });
});
