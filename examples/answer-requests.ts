/**
 * A whole app in one file: enrols its phone once, sets a PIN, then answers what waits, on the terminal.
 *
 *   node examples/answer-requests.ts --server URL --store FILE [--ticket FILE --push-token TOKEN]
 *
 * `--ticket` is the JSON that `POST /admin/v1/enrolment-tickets` gave; it is needed the first time.
 */
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { createFileStore } from '../sdk/file-store.ts';
import {
  createDeviceClient,
  createMobileAuth,
  DeviceError,
  type EnrolmentTicket,
  type MobileAuthRequest,
  objectionToPin,
  type Receivers,
} from '../sdk/index.ts';

const text = { type: 'string' } as const;
const { values } = parseArgs({ options: { server: text, store: text, ticket: text, 'push-token': text } });
const { server: serverUrl, store: storePath } = values;
if (!serverUrl || !storePath) throw new Error('--server and --store are needed');

const terminal = createInterface({ input: process.stdin });
const lines = terminal[Symbol.asyncIterator]();
async function ask(question: string): Promise<string> {
  console.log(question);
  const { value, done } = await lines.next();
  return done ? '' : value.trim();
}

/** What the user sees of a request. Never the push's text: that one is not sealed. */
function show({ userId, message, signingData }: MobileAuthRequest): string {
  return signingData === undefined ? `${userId}: ${message}` : `${userId}: ${message} Signing: ${signingData}`;
}

const receivers: Receivers = {
  async onConfirmation({ request, accept, deny }) {
    if ((await ask(`${show(request)} [yes/no]`)) === 'yes') accept();
    else deny();
  },
  async onPin({ request, attempts, isNextAttempt, cause, accept, cancel }) {
    if (cause) console.log(`The PIN stands in (${cause.number}).`);
    if (isNextAttempt) console.log(`Wrong. Attempts left: ${attempts?.remainingFailureCount}.`);
    const pin = await ask(`${show(request)} PIN, or nothing to call it off:`);
    // What can be nobody's PIN would be refused with 9009.
    if (objectionToPin(pin)) cancel();
    else accept(pin);
  },
  async onNumber({ request, accept, cancel }) {
    const number = await ask(`${show(request)} The number on the screen, or nothing to call it off:`);
    if (number === '') cancel();
    else accept(number);
  },
  // No onBiometric and no onCustom: the PIN stands in for both.
  onHandled: (_request, { status }) => console.log(status),
  onFailed: ({ number, message }) => console.log(`${number}: ${message}`),
};

const client = createDeviceClient({ serverUrl, store: createFileStore(storePath) });
const auth = createMobileAuth({ client, receivers });

if (!(await auth.isEnrolledForMobileAuth())) {
  if (!values.ticket) throw new Error('the first time, --ticket is needed');
  const ticket = JSON.parse(readFileSync(values.ticket, 'utf8')) as EnrolmentTicket;
  const { userId } = await auth.enrolForMobileAuth({ ticket, device: { name: 'Example phone', platform: 'android' } });
  if (values['push-token']) await auth.enrolForPush(values['push-token']);
  console.log(`Enrolled for ${userId}.`);
}
if (!(await client.enrolment())?.hasPin) await client.setPin(await ask('Choose a PIN:'));

for (const request of await auth.pendingRequests()) {
  try {
    await auth.handleRequest(request);
  } catch (error) {
    // onFailed has told it; the next request has its turn.
    if (!(error instanceof DeviceError)) throw error;
  }
}
terminal.close();
