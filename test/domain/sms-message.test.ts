import { renderSmsMessage } from '../../workflows/domain/sms-message.ts';

const code = '012345';
const render = (message: string, originHost: string | null = null) => renderSmsMessage({ message, code, originHost });

it.each([
  ['in its middle', 'Your code is {code}.', 'Your code is 012345.'],
  ['alone', '{code}', '012345'],
  ['twice', '{code} or {code}?', '012345 or 012345?'],
  ['with lines of its own', 'Hello\n\n{code}\n', 'Hello\n\n012345\n'],
])('puts the code where the message says: %s', (_name, message, text) => {
  expect(render(message)).toBe(text);
});

it.each(['Log in to the bank', '', '{Code}', '{ code }', '{code'])(
  'sends the code alone where the message has no place for it: %j',
  (message) => {
    expect(render(message)).toBe(code);
  },
);

it.each([
  ['$& and $1 and $`', '{code} $& $1 $`', '012345 $& $1 $`'],
  ['braces within braces', '{{code}}', '{012345}'],
  ['other placeholders', '{code} {user} $code %s', '012345 {user} $code %s'],
  ['a piece that would make a placeholder', '{co{code}de}', '{co012345de}'],
])('reads nothing else as a template: %s', (_name, message, text) => {
  expect(render(message)).toBe(text);
});

describe('with an origin host', () => {
  it.each([
    ['a message', 'Your code is {code}.', 'Your code is 012345.\n\n@bank.example #012345'],
    ['the code alone', 'no place', '012345\n\n@bank.example #012345'],
    ['a message that ends in lines', 'Code {code}\n\n', 'Code 012345\n\n@bank.example #012345'],
    [
      'a message with such a line for another host',
      '{code}\n\n@evil.example #{code}',
      '012345\n\n@evil.example #012345\n\n@bank.example #012345',
    ],
  ])('the last line binds the code to it, after %s', (_name, message, text) => {
    expect(render(message, 'bank.example')).toBe(text);
  });

  it('is read so by the rules for origin-bound codes: the last line, one host, one code, nothing after it', () => {
    const lastLine = render('Your code is {code}.', 'bank.example').split('\n').at(-1);
    expect(/^@(\S+) #(\S+)$/.exec(lastLine ?? '')?.slice(1)).toStrictEqual(['bank.example', code]);
  });
});
