import { describeUserAgent } from '../../api/context/describe-user-agent.ts';

it.each([
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_14_3) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/73.0.3683.86 Safari/537.36',
    { operatingSystem: 'macOS 10.14', browser: 'Chrome 73.0' },
  ],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0',
    { operatingSystem: 'Windows 10', browser: 'Firefox 128.0' },
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
    { operatingSystem: 'iOS 17.5', browser: 'Safari 17.5' },
  ],
  [
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36 Edg/120.0.2210.91',
    { operatingSystem: 'Linux', browser: 'Microsoft Edge 120.0' },
  ],
])('%s', (userAgent, expected) => {
  expect(describeUserAgent(userAgent)).toStrictEqual(expected);
});

it.each([undefined, '', '   ', '\n', 'x', '\u0000', '[message] {x}', 'a'.repeat(100_000)])(
  'says nothing of %j',
  (userAgent) => {
    expect(describeUserAgent(userAgent)).toStrictEqual({});
  },
);
