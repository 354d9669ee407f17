import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JSONWebKeySet, type JWK, SignJWT } from 'jose';
import { readReceiptFile } from '../../dev/receipt/read-receipt-file.ts';
import { type VerifyOptions, verifyReceipt } from '../../dev/receipt/verify-receipt.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64url');

const ANSWER = '-----BEGIN PGP MESSAGE-----\n\nwV4D\n-----END PGP MESSAGE-----\n';
const APPROVED = {
  iss: 'countersign',
  iat: 1_800_000_012,
  transaction_id: '01a20c37-4cc5-73e6-aaf1-f5c832e212cc',
  client_id: 'portal',
  user_id: 'alice',
  application_id: 'app',
  device_id: 'a6c48b83',
  enrolment_id: '01a20c37-490a-7216-a6dc-743a0cabfa16',
  type: 'push',
  policy_version: 1,
  method: 'push',
  outcome: { status: 'approved' },
  shown_sha256: sha256('Pay 10 € to Bob?'),
  device_key_thumbprint: sha256('signing key'),
  device_pgp_fingerprint: 'ab'.repeat(20),
  answer: ANSWER,
  answer_sha256: sha256(ANSWER),
  created_at: '2027-01-15T08:00:00.000Z',
  expires_at: '2027-01-15T08:02:00.000Z',
  settled_at: '2027-01-15T08:00:12.345Z',
};
type Claims = Readonly<Record<string, unknown>>;
const { answer: _answer, answer_sha256: _hash, ...UNANSWERED } = APPROVED;

interface Signer {
  readonly jwks: JSONWebKeySet;
  readonly kid: string;
  sign(claims: Claims, header?: Claims): Promise<string>;
}

async function createSigner(): Promise<Signer> {
  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519' });
  const jwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(jwk);
  return {
    kid,
    jwks: { keys: [{ ...jwk, kid }] },
    sign: (claims, header = {}) =>
      new SignJWT({ ...claims })
        .setProtectedHeader({ alg: 'EdDSA', typ: 'countersign-receipt+jwt', kid, ...header })
        .sign(privateKey),
  };
}

let signer: Signer;
beforeAll(async () => {
  signer = await createSigner();
});

/** Name of the one check that does not hold; undefined when everything holds. */
async function faultOf(receipt: string, jwks = signer.jwks, options: VerifyOptions = {}): Promise<string | undefined> {
  const { checks, claims } = await verifyReceipt(receipt, jwks, options);
  const faults = checks.filter(({ holds }) => !holds);
  expect(faults.length).toBeLessThanOrEqual(1);
  expect(claims === undefined).toBe(faults.length === 1);
  return faults[0]?.name;
}

function withPayload(receipt: string, claims: Claims): string {
  const [header, , signature] = receipt.split('.');
  return [header, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.');
}

it.each<[string, Claims]>([
  ['an approval', APPROVED],
  ['a denial by the user', { ...APPROVED, outcome: { status: 'denied', by: 'user', reason: 'not_me' } }],
  ['a denial by an operator', { ...UNANSWERED, outcome: { status: 'denied', by: 'operator' } }],
  [
    'an expiry',
    { ...UNANSWERED, iat: 1_800_000_120, outcome: { status: 'expired' }, settled_at: '2027-01-15T08:02:00.000Z' },
  ],
  ['a cancellation', { ...UNANSWERED, outcome: { status: 'cancelled', by: 'portal' } }],
  ['a failure', { ...UNANSWERED, outcome: { status: 'failed', reason: 'failed_to_send' } }],
  ['a failure by wrong answers', { ...APPROVED, outcome: { status: 'failed', reason: 'invalid_answer' } }],
  ['claims that are not known yet', { ...APPROVED, another_claim: true }],
])('a receipt of %s holds', async (_name, claims) => {
  const receipt = await signer.sign(claims);
  expect(await faultOf(receipt)).toBeUndefined();
  expect((await verifyReceipt(receipt, signer.jwks)).claims).toEqual(claims);
});

it.each(Object.keys(APPROVED))('a change of %s afterwards breaks the signature', async (claim) => {
  const receipt = await signer.sign(APPROVED);
  expect(await faultOf(withPayload(receipt, { ...APPROVED, [claim]: 'changed' }))).toBe('signature');
  const { [claim as keyof typeof APPROVED]: _gone, ...rest } = APPROVED;
  expect(await faultOf(withPayload(receipt, rest))).toBe('signature');
});

describe('the envelope', () => {
  it.each([
    ['no JWS', 'form', async () => 'no receipt'],
    ['another type', 'typ', () => signer.sign(APPROVED, { typ: 'countersign-proof+jwt' })],
    ['no type', 'typ', () => signer.sign(APPROVED, { typ: undefined })],
    ['another key id', 'kid', () => signer.sign(APPROVED, { kid: 'another' })],
    ['no key id', 'kid', () => signer.sign(APPROVED, { kid: undefined })],
    [
      'another key under the same id',
      'signature',
      async () => (await createSigner()).sign(APPROVED, { kid: signer.kid }),
    ],
    ['no signature', 'alg', async () => unsigned({ alg: 'none' })],
    ['a signature that is empty', 'signature', async () => unsigned({ alg: 'EdDSA' })],
  ])('%s is found', async (_name, check, make) => {
    expect(await faultOf(await make())).toBe(check);
  });

  const unsigned = (header: Claims): string => {
    const part = (value: Claims): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    return `${part({ typ: 'countersign-receipt+jwt', kid: signer.kid, ...header })}.${part(APPROVED)}.`;
  };

  it('a key set whose ids are not the thumbprints of its keys is found', async () => {
    const stranger = await createSigner();
    const keys = stranger.jwks.keys.map((key) => ({ ...key, kid: signer.kid }));
    expect(await faultOf(await stranger.sign(APPROVED, { kid: signer.kid }), { keys })).toBe('kid');
  });

  it('an empty key set knows no key', async () => {
    expect(await faultOf(await signer.sign(APPROVED), { keys: [] })).toBe('kid');
  });
});

const REQUIRED = Object.keys(APPROVED);
it.each(REQUIRED)('a signed receipt without %s is found, by the name of the claim', async (claim) => {
  const { [claim as keyof typeof APPROVED]: _gone, ...rest } = APPROVED;
  const receipt = await signer.sign(rest);
  expect(await faultOf(receipt)).toBe(claim === 'answer' ? 'answer_sha256' : claim);
});

it.each<[string, Claims]>([
  ['iss', { iss: 'somebody' }],
  ['iat', { iat: 1_799_999_000 }],
  ['transaction_id', { transaction_id: 'no id' }],
  ['policy_version', { policy_version: 'one' }],
  ['shown_sha256', { shown_sha256: 'short' }],
  ['device_pgp_fingerprint', { device_pgp_fingerprint: 'XYZ' }],
  ['answer_sha256', { answer: `${ANSWER} ` }],
  ['answer_sha256', { answer_sha256: sha256('another answer') }],
  ['answer', { answer: undefined, answer_sha256: undefined }],
  ['answer', { outcome: { status: 'cancelled', by: 'portal' } }],
  ['answer', { outcome: { status: 'denied', by: 'operator' } }],
  ['outcome.status', { outcome: { status: 'pending' } }],
  ['outcome.by', { outcome: { status: 'approved', by: 'operator' } }],
  ['outcome.by', { outcome: { status: 'denied' } }],
  ['outcome.reason', { outcome: { status: 'approved', reason: 'not_me' } }],
  ['outcome.reason', { ...UNANSWERED, outcome: { status: 'failed' } }],
  ['created_at', { created_at: 'yesterday' }],
  ['expires_at', { expires_at: '2027-01-15T07:59:00.000Z' }],
  ['settled_at', { settled_at: '2027-01-15T07:00:00.000Z' }],
  ['settled_at', { settled_at: '2027-01-15T08:02:00.000Z', iat: 1_800_000_120 }],
])('signed claims in which %s does not fit are found: %j', async (check, changes) => {
  expect(await faultOf(await signer.sign({ ...APPROVED, ...changes }))).toBe(check);
});

it('an expiry before its time is found', async () => {
  const claims = { ...UNANSWERED, outcome: { status: 'expired' } };
  expect(await faultOf(await signer.sign(claims))).toBe('settled_at');
});

it('tells whether it is about this message', async () => {
  const receipt = await signer.sign(APPROVED);
  expect(await faultOf(receipt, signer.jwks, { message: 'Pay 10 € to Bob?' })).toBeUndefined();
  expect(await faultOf(receipt, signer.jwks, { message: 'Pay 1000 € to Bob?' })).toBe('shown_sha256');
});

describe('a receipt of signed data', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const data = Buffer.from('{"amount":"10 €"}');
  const pem = publicKey.export({ type: 'spki', format: 'pem' }) as string;
  const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey;
  const strangePem = stranger.export({ type: 'spki', format: 'pem' }) as string;
  let signed: Claims;
  beforeAll(async () => {
    signed = {
      ...APPROVED,
      signing_data_sha256: sha256(data.toString()),
      signing_data_signature: sign('sha256', data, privateKey).toString('base64'),
      user_public_key: pem,
      device_key_thumbprint: await calculateJwkThumbprint(publicKey.export({ format: 'jwk' }) as JWK),
    };
  });

  it('holds, with the data at hand and without', async () => {
    const receipt = await signer.sign(signed);
    expect(await faultOf(receipt)).toBeUndefined();
    expect(await faultOf(receipt, signer.jwks, { signingData: data })).toBeUndefined();
  });

  it.each<[string, Claims, string]>([
    ['signing_data_signature', { signing_data_signature: undefined }, 'no signature'],
    ['signing_data_signature', { signing_data_signature: 'AAAA' }, 'no real signature'],
    ['signing_data_signature', { signing_data_sha256: undefined }, 'a signature of nothing'],
    ['signing_data_sha256', { signing_data_sha256: sha256('other data') }, 'other data'],
    ['user_public_key', { user_public_key: undefined }, 'no key'],
    ['user_public_key', { user_public_key: 'no key' }, 'no real key'],
    ['user_public_key', { user_public_key: strangePem }, 'a key of somebody else'],
    ['user_public_key', { device_key_thumbprint: sha256('another') }, 'another enrolment'],
  ])('does not hold for %s: %j', async (check, changes) => {
    expect(await faultOf(await signer.sign({ ...signed, ...changes }), signer.jwks, { signingData: data })).toBe(check);
  });

  it('does not hold for other bytes than those signed', async () => {
    const signingData = Buffer.from('{"amount":"1000 €"}');
    expect(await faultOf(await signer.sign(signed), signer.jwks, { signingData })).toBe('signing_data_sha256');
  });

  it('needs no signature where nothing was approved', async () => {
    const claims = { ...UNANSWERED, signing_data_sha256: signed.signing_data_sha256 };
    expect(
      await faultOf(await signer.sign({ ...claims, outcome: { status: 'cancelled', by: 'portal' } })),
    ).toBeUndefined();
  });
});

it('holds for the example in the documents', async () => {
  const { receipt, jwks } = await readReceiptFile('docs/evidence-example.json');
  expect(await faultOf(receipt, jwks, { message: 'Pay 10 euro to Bob?' })).toBeUndefined();
});
