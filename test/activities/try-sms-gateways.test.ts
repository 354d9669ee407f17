import type { SmsGateway, SmsMessage, SmsReceipt } from '../../activities/ports.ts';
import { tryGateways } from '../../activities/try-sms-gateways.ts';
import { anSms } from '../adapters/an-sms.ts';

type Refusal = Extract<SmsReceipt, { ok: false }>['failure'];

interface Scripted extends SmsGateway {
  readonly senders: (string | null)[];
  readonly timeoutsMs: number[];
}

function gatewayThat(name: string, ...failures: (Refusal | 'ok')[]): Scripted {
  const senders: (string | null)[] = [];
  const timeoutsMs: number[] = [];
  return {
    name,
    senders,
    timeoutsMs,
    async send(message: SmsMessage, timeoutMs: number) {
      senders.push(message.from);
      timeoutsMs.push(timeoutMs);
      const failure = failures[senders.length - 1] ?? failures.at(-1) ?? 'ok';
      return failure === 'ok' ? { ok: true, providerMessageId: `${name} ${senders.length}` } : { ok: false, failure };
    },
  };
}

const OPTIONS = { defaultSender: '+15005550006', timeoutMs: 60_000 };
const sms = anSms({ from: 'Bank' });

it('asks the first gateway, and nobody else where it takes the message', async () => {
  const [first, second] = [gatewayThat('first'), gatewayThat('second')];
  const tried = await tryGateways([first, second], sms, OPTIONS);
  expect(tried).toStrictEqual({ gateway: 'first', receipt: { ok: true, providerMessageId: 'first 1' } });
  expect(second.senders).toStrictEqual([]);
});

it('sends once more with the default sender where the sender is refused', async () => {
  const first = gatewayThat('first', 'sender_refused', 'ok');
  const tried = await tryGateways([first, gatewayThat('second')], sms, OPTIONS);
  expect(tried).toStrictEqual({ gateway: 'first', receipt: { ok: true, providerMessageId: 'first 2' } });
  expect(first.senders).toStrictEqual(['Bank', '+15005550006']);
});

it('does so once, and not at all where there is no other sender', async () => {
  const refusing = gatewayThat('first', 'sender_refused');
  await tryGateways([refusing], sms, OPTIONS);
  expect(refusing.senders).toStrictEqual(['Bank', '+15005550006']);
  const alone = gatewayThat('first', 'sender_refused');
  await tryGateways([alone], sms, { ...OPTIONS, defaultSender: null });
  expect(alone.senders).toStrictEqual(['Bank']);
  const same = gatewayThat('first', 'sender_refused');
  await tryGateways([same], { ...sms, from: OPTIONS.defaultSender }, OPTIONS);
  expect(same.senders).toHaveLength(1);
});

it.each(['misconfigured', 'throttled', 'gateway_unavailable', 'sender_refused'] as const)(
  'asks the second gateway where the first refuses for its own reasons: %s',
  async (failure) => {
    const tried = await tryGateways([gatewayThat('first', failure), gatewayThat('second')], sms, OPTIONS);
    expect(tried).toStrictEqual({ gateway: 'second', receipt: { ok: true, providerMessageId: 'second 1' } });
  },
);

it.each(['number_refused', 'message_refused'] as const)(
  'does not where it would be no different: %s',
  async (failure) => {
    const second = gatewayThat('second');
    const tried = await tryGateways([gatewayThat('first', failure), second], sms, OPTIONS);
    expect(tried).toStrictEqual({ gateway: 'first', receipt: { ok: false, failure } });
    expect(second.senders).toStrictEqual([]);
  },
);

it('tells what the last one said where all refuse', async () => {
  const gateways = [gatewayThat('first', 'throttled'), gatewayThat('second', 'misconfigured')];
  await expect(tryGateways(gateways, sms, OPTIONS)).resolves.toStrictEqual({
    gateway: 'second',
    receipt: { ok: false, failure: 'misconfigured' },
  });
});

it('is misconfigured where there is no gateway', async () => {
  await expect(tryGateways([], sms, OPTIONS)).resolves.toStrictEqual({
    gateway: null,
    receipt: { ok: false, failure: 'misconfigured' },
  });
});

it('shares the time, so that a silent gateway leaves some for the next', async () => {
  const [first, second] = [gatewayThat('first', 'gateway_unavailable'), gatewayThat('second')];
  await tryGateways([first, second], sms, OPTIONS);
  expect(first.timeoutsMs[0]).toBeLessThanOrEqual(30_000);
  expect(second.timeoutsMs[0]).toBeGreaterThan(0);
  expect(second.timeoutsMs[0]).toBeLessThanOrEqual(60_000);
  const alone = gatewayThat('alone');
  await tryGateways([alone], sms, OPTIONS);
  expect(alone.timeoutsMs[0]).toBeGreaterThan(30_000);
});
