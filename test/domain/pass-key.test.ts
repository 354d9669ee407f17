import fc from 'fast-check';
import { type Keyword, type RequestMethod, readPassKey } from '../../workflows/domain/pass-key.ts';

const KEYWORDS: readonly Keyword[] = [
  { keyword: 'push', method: 'push' },
  { keyword: 'PIN', method: 'push_with_pin' },
  { keyword: 'NoPIN', method: 'push' },
  { keyword: 'pushFinger', method: 'push_with_fingerprint' },
];

const read = (requestMethod: RequestMethod, passKey: string, keywords = KEYWORDS) =>
  readPassKey(passKey, { requestMethod, keywords });

it.each([
  ['Default', 'pushsecret', 'push', 'secret'],
  ['Default', 'PIN1234', 'push_with_pin', '1234'],
  ['KeywordPassword', 'NoPINsecret', 'push', 'secret'],
  ['KeywordPassword', 'pushpush', 'push', 'push'],
  ['KeywordPassword', 'pushFingersecret', 'push_with_fingerprint', 'secret'],
  ['KeywordPassword', 'pushFinger', 'push', 'Finger'],
  ['PasswordKeyword', 'secretpush', 'push', 'secret'],
  ['PasswordKeyword', 'secretNoPIN', 'push', 'secret'],
  ['PasswordKeyword', 'secretPIN', 'push_with_pin', 'secret'],
  ['Password', 'pushsecret', 'push', 'pushsecret'],
  ['KeywordOnly', 'PIN', 'push_with_pin', null],
] as const)('%s reads %s', (requestMethod, passKey, method, password) => {
  expect(read(requestMethod, passKey)).toEqual({ method, password });
});

it.each([
  ['None', 'pushsecret'],
  ['None', 'push'],
  ['Default', 'push'],
  ['Default', 'secret'],
  ['Default', 'Pushsecret'],
  ['KeywordPassword', 'secretpush'],
  ['PasswordKeyword', 'pushsecret'],
  ['PasswordKeyword', 'push'],
  ['KeywordOnly', 'pushsecret'],
  ['KeywordOnly', ''],
] as const)('%s asks no phone by "%s"', (requestMethod, passKey) => {
  expect(read(requestMethod, passKey)).toBeUndefined();
});

it('asks no phone where no keyword is configured', () => {
  for (const requestMethod of ['Default', 'KeywordOnly', 'Password', 'KeywordPassword', 'PasswordKeyword'] as const) {
    expect(read(requestMethod, 'anything', [])).toBeUndefined();
  }
});

it('loses nothing of a pass key: keyword and password are all of it', () => {
  const keyword = fc.record({
    keyword: fc.string({ minLength: 1, maxLength: 4 }),
    method: fc.constantFrom('push', 'push_with_pin', 'push_with_fingerprint'),
  });
  const before = fc.constantFrom<RequestMethod>('Default', 'KeywordPassword');
  fc.assert(
    fc.property(fc.array(keyword, { minLength: 1, maxLength: 6 }), fc.string(), before, (keywords, rest, method) => {
      const [first] = keywords as [Keyword];
      for (const requestMethod of [method, 'PasswordKeyword'] as const) {
        const isBefore = requestMethod !== 'PasswordKeyword';
        const passKey = isBefore ? first.keyword + rest : rest + first.keyword;
        const password = read(requestMethod, passKey, keywords)?.password;
        if (password === undefined || password === null) {
          expect(rest).toBe('');
          continue;
        }
        const used = passKey.length - password.length;
        const word = isBefore ? passKey.slice(0, used) : passKey.slice(password.length);
        expect(keywords.map((one) => one.keyword)).toContain(word);
        expect(isBefore ? word + password : password + word).toBe(passKey);
      }
    }),
  );
});
