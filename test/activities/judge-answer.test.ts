import * as openpgp from 'openpgp';
import { createAnswerProofs } from '../../activities/adapters/answer-proofs.ts';
import { createJudgeAnswer, type JudgeAnswerResult } from '../../activities/judge-answer.ts';
import type { EnrolmentKeys } from '../../activities/ports.ts';
import { challengeNonceOf } from '../../runtime/challenge-nonce.ts';
import { parseKeyring } from '../../runtime/keyring.ts';
import { createServerPgp, generateServerKey, type ServerPgp } from '../../runtime/openpgp.ts';
import { createFakeEnrolments } from './fakes.ts';

const TRANSACTION = 'transaction-1';
const ENROLMENT = 'enrolment-1';
const keyring = parseKeyring(`k1:${Buffer.alloc(32, 1).toString('base64')}`);
const NONCE = challengeNonceOf(keyring, TRANSACTION, ENROLMENT);

const makePair = (name: string) =>
  openpgp.generateKey({ type: 'ecc', curve: 'curve25519Legacy', userIDs: [{ name }], format: 'object' });

let server: ServerPgp;
let serverKey: openpgp.PublicKey;
let phone: Awaited<ReturnType<typeof makePair>>;
let otherPhone: Awaited<ReturnType<typeof makePair>>;
let keys: Record<string, EnrolmentKeys>;

beforeAll(async () => {
  server = await createServerPgp(await generateServerKey());
  serverKey = await openpgp.readKey({ armoredKey: server.publicKey });
  [phone, otherPhone] = await Promise.all([makePair('phone'), makePair('other phone')]);
});

beforeEach(() => {
  keys = {
    [ENROLMENT]: {
      pgpPublicKey: phone.publicKey.armor(),
      signingKey: {},
      pinPublicKey: null,
      biometricKey: null,
      hasOwnServerKey: false,
      active: true,
    },
    'enrolment-2': {
      pgpPublicKey: otherPhone.publicKey.armor(),
      signingKey: {},
      pinPublicKey: null,
      biometricKey: null,
      hasOwnServerKey: false,
      active: true,
    },
  };
});

async function sealed(content: unknown, by = phone.privateKey): Promise<string> {
  const message = await openpgp.createMessage({ text: JSON.stringify(content) });
  return (await openpgp.encrypt({ message, encryptionKeys: serverKey, signingKeys: by })) as string;
}

function judge(answer: string, sentBy = ENROLMENT): Promise<JudgeAnswerResult> {
  const judgeAnswer = createJudgeAnswer({
    enrolments: createFakeEnrolments(keys),
    answerOpener: server,
    answerProofs: createAnswerProofs(),
    // No method here charges an attempt: a call would fail the test.
    attempts: undefined as never,
    transactionNumbers: undefined as never,
    customAuthenticators: undefined as never,
    challengeNonces: { nonceFor: (...ids) => challengeNonceOf(keyring, ...ids) },
  });
  const message = { enrolmentId: sentBy, answer, answerSha256: 'sha', receivedAtMs: 1 };
  return judgeAnswer({ transactionId: TRANSACTION, enrolmentId: ENROLMENT, message, method: 'push', subject: {} });
}

const APPROVAL = {
  purpose: 'answer',
  transactionId: TRANSACTION,
  enrolmentId: ENROLMENT,
  decision: 'approve',
  nonce: NONCE,
  answeredAt: '2026-01-01T00:00:00.000Z',
};
const DENIAL = { ...APPROVAL, decision: 'deny', nonce: undefined };

it('takes an approval by the phone that was asked and has read the challenge', async () => {
  await expect(judge(await sealed(APPROVAL))).resolves.toStrictEqual({ ok: true, decision: 'approve', method: 'push' });
});

it.each([
  ['without a reason', {}, { ok: true, decision: 'deny' }],
  ['because it was not me', { reason: 'not_me' }, { ok: true, decision: 'deny', reason: 'not_me' }],
  ['because I changed my mind', { reason: 'cancelled' }, { ok: true, decision: 'deny', reason: 'cancelled' }],
])('takes a denial %s, opened or not', async (_name, fields, expected) => {
  await expect(judge(await sealed({ ...DENIAL, ...fields }))).resolves.toStrictEqual(expected);
  await expect(judge(await sealed({ ...DENIAL, ...fields, nonce: NONCE }))).resolves.toStrictEqual(expected);
});

it('takes no reason from an approval', async () => {
  const approval = await sealed({ ...APPROVAL, reason: 'not_me' });
  await expect(judge(approval)).resolves.toStrictEqual({ ok: true, decision: 'approve', method: 'push' });
});

it.each([
  ['another transaction', { transactionId: 'transaction-2' }, 'answer_invalid'],
  ['another enrolment', { enrolmentId: 'enrolment-2' }, 'answer_invalid'],
  ['an unknown decision', { decision: 'maybe' }, 'answer_invalid'],
  ['another purpose', { purpose: 'challenge' }, 'answer_invalid'],
  ['no nonce', { nonce: undefined }, 'challenge_not_read'],
  [
    'the nonce of another transaction',
    { nonce: challengeNonceOf(keyring, 'transaction-2', ENROLMENT) },
    'challenge_not_read',
  ],
  [
    'the nonce of another phone',
    { nonce: challengeNonceOf(keyring, TRANSACTION, 'enrolment-2') },
    'challenge_not_read',
  ],
])('refuses a well signed approval with %s', async (_name, fields, refusal) => {
  await expect(judge(await sealed({ ...APPROVAL, ...fields }))).resolves.toStrictEqual({ ok: false, refusal });
});

it.each<[string, () => Promise<string>]>([
  ['signed by another phone', () => sealed(APPROVAL, otherPhone.privateKey)],
  ['that is the challenge itself', () => server.sealFor(phone.publicKey.armor(), APPROVAL)],
  ['in clear', async () => JSON.stringify(APPROVAL)],
  ['that is nothing', async () => ''],
])('refuses an answer %s as one that can not be opened', async (_name, make) => {
  await expect(judge(await make())).resolves.toStrictEqual({ ok: false, refusal: 'answer_undecryptable' });
});

it('refuses an answer that came from another enrolment than was asked, however well it is signed', async () => {
  const refused = { ok: false, refusal: 'not_for_this_enrolment' };
  await expect(judge(await sealed(APPROVAL), 'enrolment-2')).resolves.toStrictEqual(refused);
  await expect(judge(await sealed(APPROVAL, otherPhone.privateKey), 'enrolment-2')).resolves.toStrictEqual(refused);
});

it.each([
  [
    'revoked',
    (): Record<string, EnrolmentKeys> => ({
      [ENROLMENT]: {
        pgpPublicKey: phone.publicKey.armor(),
        signingKey: {},
        pinPublicKey: null,
        biometricKey: null,
        hasOwnServerKey: false,
        active: false,
      },
    }),
  ],
  ['unknown', () => ({})],
])('refuses an answer of an enrolment that is %s meanwhile', async (_name, remaining) => {
  keys = remaining();
  await expect(judge(await sealed(APPROVAL))).resolves.toStrictEqual({ ok: false, refusal: 'enrolment_revoked' });
});

it('gives the same verdict on the same answer again', async () => {
  const answer = await sealed(APPROVAL);
  expect(await judge(answer)).toStrictEqual(await judge(answer));
});
