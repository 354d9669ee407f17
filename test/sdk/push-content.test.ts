import { canHandlePush, pendingFromPush } from '../../sdk/push-content.ts';

const CONTENT = {
  og_transaction_id: '0190a1b2-0000-7000-8000-000000000001',
  og_profile_id: 'alice',
  og_message: 'Log in?',
  timestamp: 1_700_000_000_000,
  timeToLiveSeconds: 90,
};
const PENDING = {
  transactionId: CONTENT.og_transaction_id,
  userId: 'alice',
  message: 'Log in?',
  sentAt: '2023-11-14T22:13:20.000Z',
  expiresAt: '2023-11-14T22:14:50.000Z',
  timeToLiveSeconds: 90,
};

it.each([
  ['a JSON text', { content: JSON.stringify(CONTENT) }],
  ['an object', { content: CONTENT }],
  ['fields at the root', CONTENT],
  ['fields at the root, all of them texts', { ...CONTENT, timestamp: '1700000000000', timeToLiveSeconds: '90' }],
])('reads a push whose content is %s', (_, data) => {
  expect(canHandlePush(data)).toBe(true);
  expect(pendingFromPush(data)).toEqual(PENDING);
});

it.each([
  undefined,
  null,
  'text',
  [],
  {},
  { content: '{' },
  { content: 'null' },
  { content: { ...CONTENT, og_transaction_id: 7 } },
  { content: { ...CONTENT, og_profile_id: '' } },
  { content: { ...CONTENT, timestamp: 'soon' } },
  { content: { ...CONTENT, timestamp: 1e300 } },
  { content: { ...CONTENT, timeToLiveSeconds: undefined } },
])('leaves the push %j to others', (data) => {
  expect(canHandlePush(data)).toBe(false);
  expect(() => pendingFromPush(data)).toThrow(expect.objectContaining({ number: 10018 }));
});
