import { createMobileAuth, type MobileAuth } from '../../../sdk/index.ts';
import type { Command, OptionValues } from '../command-line.ts';
import { CommandError, describeFailure, UsageError } from '../failures.ts';
import { numberOption, textOption } from '../read-option.ts';
import { type PhoneContext, requireEnrolment } from './phone-context.ts';
import { type AnsweringMode, createTerminalReceivers, LeftOpen } from './terminal-receivers.ts';
import { type Arrival, watchArrivals } from './watch-arrivals.ts';

/** `ask` the user, answer by itself, or only `report` what comes. */
type Mode = AnsweringMode | 'report';

/** `left`: not answered, listening goes on. `ended`: the user wants no more. */
type Handled = 'answered' | 'left' | 'ended';

/** Waits for pushes and answers them. */
export const listen: Command<PhoneContext> = {
  about: 'wait for pushes, show them and ask what to answer',
  options: {
    approve: { type: 'boolean', about: 'approve everything' },
    deny: { type: 'boolean', about: 'deny everything' },
    pin: { type: 'string', value: 'PIN', about: 'with --approve, for what asks for the PIN' },
    custom: { type: 'string', value: 'TEXT', about: 'with --approve, for a custom authenticator' },
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
    const auth = mode === 'report' ? undefined : authFor(phone, mode, values);
    const answered = new Set<string>();
    let done = 0;
    for await (const arrival of watchArrivals(phone, pushToken)) {
      // The push of a transaction that was pending at the start may still arrive after its answer.
      if (answered.has(arrival.transaction.transactionId)) continue;
      const handled = await handle(phone, auth, arrival);
      if (handled === 'ended') return count === Number.POSITIVE_INFINITY;
      if (handled === 'left') continue;
      if (mode !== 'report') remember(answered, arrival.transaction.transactionId);
      if (++done >= count) return true;
    }
    return false;
  },
};

function authFor(phone: PhoneContext, mode: AnsweringMode, values: OptionValues): MobileAuth {
  const [pin, custom] = [textOption(values, 'pin'), textOption(values, 'custom')];
  const proofs = { ...(pin !== undefined && { pin }), ...(custom !== undefined && { custom }) };
  return createMobileAuth({ client: phone.client, receivers: createTerminalReceivers(phone, mode, proofs) });
}

function chooseMode({ output }: PhoneContext, values: OptionValues): Mode {
  if (values.approve && values.deny) throw new UsageError('--approve and --deny exclude each other.');
  if (!values.approve && (values.pin || values.custom)) throw new UsageError('--pin and --custom are for --approve.');
  if (values.approve) return 'approve';
  if (values.deny) return 'deny';
  if (process.stdin.isTTY && !output.json) return 'ask';
  output.note('No terminal to ask on: pushes are only shown (see --approve and --deny).');
  return 'report';
}

async function handle(
  phone: PhoneContext,
  auth: MobileAuth | undefined,
  { by, transaction }: Arrival,
): Promise<Handled> {
  const what = by === 'push' ? 'Push' : 'Waiting';
  phone.output.event(
    { event: by, ...transaction },
    '',
    `${what}: ${transaction.message}  (${transaction.transactionId})`,
  );
  if (!auth) return 'answered';
  try {
    await auth.handleRequest(transaction);
    return 'answered';
  } catch (error) {
    if (error instanceof LeftOpen) return error.ended ? 'ended' : 'left';
    // One transaction that is gone or refused must not end the listening for the others.
    phone.output.failure(describeFailure(error));
    return 'left';
  }
}

/** Bounded: what is forgotten is long past, and a late push of it would only be refused by the server. */
function remember(answered: Set<string>, transactionId: string): void {
  const [oldest] = answered;
  if (answered.size >= 1_000 && oldest !== undefined) answered.delete(oldest);
  answered.add(transactionId);
}
