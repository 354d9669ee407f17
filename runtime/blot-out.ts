/** Names of fields that hold what is secret or personal. */
const SECRET: ReadonlySet<string> = new Set([
  'authorization',
  'cookie',
  'answer',
  'message',
  'secureMessage',
  'secure_message',
  'signingData',
  'signing_data',
  'phoneNumber',
  'phone_number',
  'pushToken',
  'secret',
  'client_secret',
  'clientSecret',
  'push_token',
  'accessToken',
  'newKeyProof',
  'oldSignature',
  'newSignature',
  'change',
  'password',
  'pin',
  'code',
  'otp',
  'sms_code',
  'codeMac',
  'authToken',
  'nonce',
]);

const MAX_DEPTH = 6;

/**
 * The same fields with the values of secret and personal ones blotted out, at every depth: the last line of defence behind
 * not logging them in the first place. What lies deeper than six levels is left out.
 */
export function blotOut(fields: object): Record<string, unknown> {
  return blotted(fields, 1);
}

function blotted(fields: object, depth: number): Record<string, unknown> {
  const shown: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    shown[name] = SECRET.has(name) ? '[redacted]' : shownOf(value, depth + 1);
  }
  return shown;
}

function shownOf(value: unknown, depth: number): unknown {
  // An error has its serializer, and whatever knows how to show itself holds no fields of ours.
  if (typeof value !== 'object' || value === null || value instanceof Error || 'toJSON' in value) return value;
  if (depth > MAX_DEPTH) return '[deeper]';
  return Array.isArray(value) ? value.map((item) => shownOf(item, depth + 1)) : blotted(value, depth);
}
