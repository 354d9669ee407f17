import type { PendingTransaction } from '../../../sdk/index.ts';
import { type Asked, ask } from '../ask.ts';
import type { Command, OptionValues } from '../command-line.ts';
import { CommandError, describeFailure, UsageError } from '../failures.ts';
import { numberOption } from '../read-option.ts';
import { approveChallenge, denyTransaction, showChallenge } from './answer-transaction.ts';
import { type PhoneContext, requireEnrolment } from './phone-context.ts';
import { type Arrival, watchArrivals } from './watch-arrivals.ts';

/** `ask` the user, answer by itself, or only `report` what comes. */
type Mode = 'approve' | 'deny' | 'ask' | 'report';

/** `left`: not answered, listening goes on. `ended`: the user wants no more. */
type Handled = 'answered' | 'left' | 'ended';

/** Waits for pushes and answers them. */
export const listen: Command<PhoneContext> = {
  about: 'wait for pushes, show them and ask what to answer',
  options: {
    approve: { type: 'boolean', about: 'approve everything' },
    deny: { type: 'boolean', about: 'deny everything' },
    count: { type: 'string', value: 'N', about: 'end after N answers (or N reports)' },
  },
  async run(phone, values) {
    const mode = chooseMode(phone, values);
    const count = numberOption(values, 'count', 1, 1_000_000) ?? Number.POSITIVE_INFINITY;
    const enrolment = await requireEnrolment(phone);
    const { pushToken } = enrolment;
    if (pushToken === undefined) {
      throw new CommandError('This phone has no push token: `npm run phone -- push-token` first.');
    }
    phone.output.note(`${enrolment.device.name} listens for ${enrolment.userId}. Ctrl-C ends.`);
    const answered = new Set<string>();
    let done = 0;
    for await (const arrival of watchArrivals(phone, pushToken)) {
      // The push of a transaction that was pending at the start may still arrive after its answer.
      if (answered.has(arrival.transaction.transactionId)) continue;
      const handled = await handle(phone, arrival, mode);
      if (handled === 'ended') return count === Number.POSITIVE_INFINITY;
      if (handled === 'left') continue;
      if (mode !== 'report') remember(answered, arrival.transaction.transactionId);
      if (++done >= count) return true;
    }
    return false;
  },
};

function chooseMode({ output }: PhoneContext, values: OptionValues): Mode {
  if (values.approve && values.deny) throw new UsageError('--approve and --deny exclude each other.');
  if (values.approve) return 'approve';
  if (values.deny) return 'deny';
  if (process.stdin.isTTY && !output.json) return 'ask';
  output.note('No terminal to ask on: pushes are only shown (see --approve and --deny).');
  return 'report';
}

async function handle(phone: PhoneContext, { by, transaction }: Arrival, mode: Mode): Promise<Handled> {
  const what = by === 'push' ? 'Push' : 'Waiting';
  phone.output.event(
    { event: by, ...transaction },
    '',
    `${what}: ${transaction.message}  (${transaction.transactionId})`,
  );
  if (mode === 'report') return 'answered';
  try {
    return await answer(phone, transaction, mode);
  } catch (error) {
    // One transaction that is gone or refused must not end the listening for the others.
    phone.output.failure(describeFailure(error));
    return 'left';
  }
}

async function answer(phone: PhoneContext, transaction: PendingTransaction, mode: Mode): Promise<Handled> {
  const challenge = await phone.client.fetchChallenge(transaction);
  showChallenge(phone, challenge);
  const decision = mode === 'ask' ? await askUser(phone, challenge.expiresAt) : mode;
  switch (decision) {
    case 'approve':
      await approveChallenge(phone, challenge);
      return 'answered';
    case 'deny':
      await denyTransaction(phone, challenge, mode === 'ask' ? 'not_me' : undefined);
      return 'answered';
    default:
      return decision === 'ended' ? 'ended' : 'left';
  }
}

async function askUser({ output }: PhoneContext, expiresAt: string): Promise<'approve' | 'deny' | 'later' | 'ended'> {
  for (;;) {
    const leftMs = Date.parse(expiresAt) - Date.now();
    const asked: Asked = leftMs > 0 ? await ask('  Approve? [y]es, [n]o, [l]ater: ', leftMs) : { kind: 'timed_out' };
    if (asked.kind === 'ended') {
      output.note('');
      return 'ended';
    }
    if (asked.kind !== 'line') {
      output.note('', '  Too late: it has expired.');
      return 'later';
    }
    const word = asked.text.trim().toLowerCase();
    if (['y', 'yes'].includes(word)) return 'approve';
    if (['n', 'no'].includes(word)) return 'deny';
    if (['l', 'later', ''].includes(word)) return 'later';
  }
}

/** Bounded: what is forgotten is long past, and a late push of it would only be refused by the server. */
function remember(answered: Set<string>, transactionId: string): void {
  const [oldest] = answered;
  if (answered.size >= 1_000 && oldest !== undefined) answered.delete(oldest);
  answered.add(transactionId);
}
