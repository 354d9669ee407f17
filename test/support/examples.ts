import { randomBytes, randomUUID } from 'node:crypto';
import { makeLocalAccount } from '../../api/console/make-local-account.ts';
import { EXAMPLE } from '../../api/openapi/example-values.ts';
import { signatureOf } from '../../dev/twilio-simulator/status-callbacks.ts';
import { smsCodeOf } from '../../runtime/sms-code.ts';
import { createDeviceClient, createMemoryStore, type DeviceState, readActivationPassword } from '../../sdk/index.ts';
import { aNumber } from '../adapters/an-sms.ts';
import { administratorOf } from './administration.ts';
import { logInToConsole } from './console-operator.ts';
import { pinChangeOf } from './pin-change.ts';
import { createRawPhone, type RawPhone } from './raw-phone.ts';
import type { Phone, Stack } from './stack.ts';

/** What an example needs to succeed: values in place of those that it shows, and the phone that sends it. */
export interface Preparation {
  readonly values?: Readonly<Record<string, string>>;
  readonly phone?: RawPhone;
  /** The request is an enrolment: proven by a key of its own. */
  readonly isEnrolment?: true;
  /** Headers that depend on the request. */
  headersOf?(url: string, form: Readonly<Record<string, string>>): Readonly<Record<string, string>>;
}

/** Sets up what the example of one operation is about, `post /path/{parameter}`. */
export type Prepare = (operation: string) => Promise<Preparation>;

/** For stacks whose examples are tried. */
export const METRICS_TOKEN = 'a-token-that-reads-the-metrics-of-tests';

/** The configured account of such stacks, whose password the examples show. */
export const CONSOLE_LOCAL_ACCOUNT = makeLocalAccount('operator', 'onegini_api_admin', EXAMPLE.password);

type Recipe = () => Promise<Preparation>;

/** Prepares examples on one stack, which has SMS. */
export async function createPreparation(stack: Stack): Promise<Prepare> {
  const admin = administratorOf(stack);
  const shared = await newPhone();

  function newPhone(): Promise<Phone> {
    return stack.enrolPhone(`user-${randomUUID()}`);
  }
  const valuesOf = ({ userId, deviceId, pushToken }: Phone): Record<string, string> => ({
    [EXAMPLE.userId]: userId,
    [EXAMPLE.deviceId]: deviceId,
    [EXAMPLE.pushToken]: pushToken,
    [EXAMPLE.callbackUri]: stack.callbacks.url,
    [EXAMPLE.phoneNumber]: aNumber(),
    bob: `user-${randomUUID()}`,
  });
  const transaction = (id: string) => ({ [EXAMPLE.transactionId]: id });
  const onShared = async (more: Record<string, string> = {}): Promise<Preparation> => ({
    values: { ...valuesOf(shared), ...more },
  });
  const onFresh: Recipe = async () => ({ values: valuesOf(await newPhone()) });
  const beginOn = async (phone: Phone) => transaction(await stack.begin(phone));

  async function begun(form: Readonly<Record<string, string>>): Promise<Record<string, string>> {
    const { status, body } = await stack.portal.begin({ message: 'Log in?', ...form });
    if (status !== 200) throw new Error(`begin was refused: ${JSON.stringify(body)}`);
    return body;
  }
  async function begunBySms(): Promise<string> {
    const body = await begun({ type: 'sms', user_id: shared.userId, phone_number: aNumber() });
    return body.transaction_id as string;
  }
  const begunByOtp = () => begun({ type: 'otp', callback_uri: stack.callbacks.url });
  async function ended(): Promise<Preparation> {
    const id = await stack.begin(shared);
    await stack.portal.cancel(id);
    return onShared(transaction(id));
  }

  /** A fresh phone that sends the request itself. */
  async function asDevice(
    more: (phone: Phone, raw: RawPhone) => Promise<Record<string, string>>,
  ): Promise<Preparation> {
    const phone = await newPhone();
    const raw = await createRawPhone(stack.apiUrl, phone);
    return { phone: raw, values: { ...valuesOf(phone), ...(await more(phone, raw)) } };
  }
  const keysOf = async (phone: Phone) => ((await phone.store.load()) as DeviceState).keys;

  async function enrolment(): Promise<Preparation> {
    const phone = await newPhone();
    const { pgpPublicKey } = await keysOf(phone);
    const ticket = await stack.portal.ticket(`user-${randomUUID()}`);
    const raw = await createRawPhone(stack.apiUrl, phone);
    const { x, y } = raw.signingKey as { x: string; y: string };
    return {
      phone: raw,
      isEnrolment: true,
      values: {
        [EXAMPLE.ticketReference]: ticket.body.reference,
        [EXAMPLE.secret]: ticket.body.secret,
        [EXAMPLE.deviceId]: randomBytes(32).toString('hex'),
        [EXAMPLE.pgpPublicKey]: pgpPublicKey,
        [`"x":"${EXAMPLE.publicKey}"`]: `"x":"${x}"`,
        [`"y":"${EXAMPLE.publicKey}"`]: `"y":"${y}"`,
      },
    };
  }

  async function registration(): Promise<Preparation> {
    const json = { 'content-type': 'application/json' };
    const body = JSON.stringify({ userID: `user-${randomUUID()}` });
    const registered = await stack.portal.request('POST', '/v1/users/register', { body, headers: json });
    const ticket = readActivationPassword(registered.body.activationPassword);
    if (!ticket) throw new Error('the activation password is no ticket');
    const client = createDeviceClient({ serverUrl: stack.apiUrl, store: createMemoryStore() });
    await client.enrol({ ticket, device: { name: 'Phone', platform: 'android' } });
    return { values: { [EXAMPLE.registrationId]: registered.body.registrationID } };
  }

  async function withPassword(): Promise<Preparation> {
    const phone = await newPhone();
    const path = `/users/${phone.userId}/static-password`;
    const body = JSON.stringify({ staticPassword: EXAMPLE.password });
    await admin.request('PUT', path, { body, headers: { 'content-type': 'application/json' } });
    return { values: valuesOf(phone) };
  }

  async function inQuarantine(): Promise<Preparation> {
    await stack.database.knex('callback_address_health').insert({
      ...{ address: EXAMPLE.callbackUri, last_failure: 'status_500' },
      ...{ quarantined_at: new Date(), next_trial_at: new Date() },
    });
    return {};
  }

  async function ofOperator(): Promise<Preparation> {
    const operator = await logInToConsole(stack.apiUrl, { name: 'operator', password: EXAMPLE.password });
    return { headersOf: () => operator.headers };
  }

  async function digitsFor(phone: Phone): Promise<Record<string, string>> {
    const init = { body: '{}', headers: { 'content-type': 'application/json' } };
    const { body } = await stack.portal.request('POST', `/v1/users/${phone.userId}/generate-challenge`, init);
    return { [EXAMPLE.challengeDigits]: body.challenge };
  }

  async function domain(): Promise<Preparation> {
    const init = { body: JSON.stringify({ applicationId: 'demo-app', typeName: 'push' }) };
    await admin.request('PUT', '/onespan-domains/bank', { ...init, headers: { 'content-type': 'application/json' } });
    return {};
  }

  const device = { nothing: () => asDevice(async () => ({})), asked: () => asDevice(beginOn) };

  const recipes: readonly (readonly [RegExp, Recipe])[] = [
    [/authenticate\/user\/\{userId\}\/push\/resend$/, async () => onShared(await beginOn(shared))],
    [
      /authenticate\/user\/\{userId\}\/sms$/,
      async () => {
        const id = await begunBySms();
        return onShared({ ...transaction(id), [EXAMPLE.smsCode]: smsCodeOf(stack.keyring, id) });
      },
    ],
    [/authenticate\/user\/\{userId\}\/sms\/resend$/, async () => onShared(transaction(await begunBySms()))],
    [/\/otp\.(svg|png)$/, async () => onShared(transaction((await begunByOtp()).transaction_id as string))],
    [/\{transactionId\}\/(receipt|events|callbacks\/redeliver)$/, ended],
    [/admin\/v1\/transactions\/\{id\}\/(receipt|redeliver)$/, ended],
    [/authenticate\/transaction\//, async () => onShared(await beginOn(shared))],
    [/ (\/admin)?\/v1\/(sessions|transactions)\/\{/, async () => onShared(await beginOn(shared))],
    [/^(post|delete) \/oauth\/api\/v\d\/users\//, onFresh],
    [/^post \/admin\/v1\/users\//, onFresh],
    [/\/unregister$/, onFresh],
    [/ \/metrics$/, async () => ({ headersOf: () => ({ authorization: `Bearer ${METRICS_TOKEN}` }) })],
    [/console\/api\//, ofOperator],
    [/\/login$/, withPassword],
    [/registrations\/\{id\}/, registration],
    [/^get \/admin\/v1\/onespan-domains/, domain],
    [/quarantined-addresses\/release$/, inQuarantine],
    [/push-configurations\/\{name\}\/test$/, () => onShared({ 'bank-fcm': 'demo-fcm' })],
    [
      /twilio\/status$/,
      async () => {
        if (!stack.twilio) throw new Error('the stack has no SMS');
        const { accountSid, authToken } = stack.twilio.account;
        return {
          values: { ...transaction(await begunBySms()), [`AC${'0'.repeat(32)}`]: accountSid },
          headersOf: (url, form) => ({ 'x-twilio-signature': signatureOf(authToken, url, form) }),
        };
      },
    ],
    [/device\/v1\/enrolments$/, enrolment],
    [/device\/v1\/pin-key\/challenge$/, () => asDevice(async ({ client }) => client.setPin('48151').then(() => ({})))],
    [
      /device\/v1\/pin-key\/change$/,
      () => asDevice(async (_phone, raw) => ({ [EXAMPLE.pgpMessage]: await pinChangeOf(raw) })),
    ],
    [
      /device\/v1\/keys$/,
      () => asDevice(async () => ({ [EXAMPLE.pgpPublicKey]: (await keysOf(await newPhone())).pgpPublicKey })),
    ],
    [/device\/v1\/otp$/, () => asDevice(async () => ({ [EXAMPLE.otp]: (await begunByOtp()).otp as string }))],
    [/device\/v1\/challenge-codes$/, () => asDevice(digitsFor)],
    [
      /device\/v1\/.*\/answer$/,
      () =>
        asDevice(async (phone, raw) => {
          const id = await stack.begin(phone);
          return { ...transaction(id), [EXAMPLE.pgpMessage]: await raw.approval(id) };
        }),
    ],
    [/device\/v1\/transactions/, device.asked],
    [/device\/v1\//, device.nothing],
  ];

  return async (operation) => {
    const [, recipe = () => onShared()] = recipes.find(([pattern]) => pattern.test(operation)) ?? [];
    return recipe();
  };
}
