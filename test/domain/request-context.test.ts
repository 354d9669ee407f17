import { expandTemplate } from '../../workflows/domain/message-template.ts';
import { messageInContext } from '../../workflows/domain/request-context.ts';

const TEMPLATE = '[message]{\nWith: [device]}{\nFrom: [location]}';
const CONTEXT = {
  operatingSystem: 'macOS 10.14',
  browser: 'Chrome 73.0',
  countryCode: 'NL',
  region: 'Provincie Utrecht',
  city: 'Utrecht',
};

describe('a template', () => {
  it.each([
    ['[message] using [browser] from [city], [countryCode]', 'Log in using Chrome 73.0 from Utrecht, NL'],
    ['[city][city]', 'UtrechtUtrecht'],
    ['[nothing] [] [CITY] [constructor] [__proto__]', '[nothing] [] [CITY] [constructor] [__proto__]'],
    ['{code} {} {[nothing]} [city]', '{code} {} {[nothing]} Utrecht'],
    ['{[city] [nothing]}', 'Utrecht [nothing]'],
    ['{ [city', '{ [city'],
    ['{a {[city]} b}', '{a Utrecht b}'],
    ['$& $1 [city]', '$& $1 Utrecht'],
    ['', ''],
    [
      '[operatingSystem] [region] [device] [location]',
      `macOS 10.14 Provincie Utrecht ${'macOS 10.14, Chrome 73.0'} Utrecht, Provincie Utrecht, NL`,
    ],
  ])('%j becomes %j', (template, expected) => {
    expect(messageInContext(template, 'Log in', CONTEXT)).toBe(expected);
  });

  it('leaves out a part that lacks one of its values, and only that', () => {
    const template = '{[a]-}{[b]-}{[a][b]-}end';
    expect(expandTemplate(template, { a: 'A', b: '' })).toBe('A-end');
    expect(expandTemplate(template, { a: '', b: '' })).toBe('end');
    expect(expandTemplate(template, { a: 'A', b: 'B' })).toBe('A-B-AB-end');
  });

  it('leaves places without a value empty outside of parts', () => {
    expect(messageInContext('[message] Device: [browser].', 'Log in', {})).toBe('Log in Device: .');
  });
});

describe('the usual template', () => {
  it.each([
    ['everything', CONTEXT, 'M\nWith: macOS 10.14, Chrome 73.0\nFrom: Utrecht, Provincie Utrecht, NL'],
    ['nothing', {}, 'M'],
    ['the browser alone', { browser: 'Chrome 73.0' }, 'M\nWith: Chrome 73.0'],
    ['the system alone', { operatingSystem: 'iOS 17.5' }, 'M\nWith: iOS 17.5'],
    ['the country alone', { countryCode: 'NL' }, 'M\nFrom: NL'],
    ['city and country', { countryCode: 'NL', city: 'Utrecht' }, 'M\nFrom: Utrecht, NL'],
  ])('says what is known of %s, with no separator too many', (_name, context, expected) => {
    expect(messageInContext(TEMPLATE, 'M', context)).toBe(expected);
  });
});

describe('what is put in', () => {
  it('is never taken for a template itself', () => {
    const message = 'Pay [city] {[browser]} $& [message]';
    const context = { city: '[message]', browser: '{[location]}' };
    expect(messageInContext('[message]|[city]|[browser]', message, context)).toBe(`${message}|[message]|{[location]}`);
  });

  it('is one line without anything that hides or turns letters, unlike the message, which is left as it is', () => {
    const city = ' Utre\u0000cht\r\n\u202Eevil\u200B\u2028two\u2066 ';
    expect(messageInContext('[city]', '', { city })).toBe('Utre cht evil two');
    const message = 'Two\nlines\u202E';
    expect(messageInContext('[message]', message, {})).toBe(message);
  });

  it('is cut after 64 characters, as a reader counts them', () => {
    const city = '😀'.repeat(100);
    expect(messageInContext('[city]', '', { city })).toBe('😀'.repeat(64));
    expect([...messageInContext('[location]', '', { city, region: city, countryCode: 'NL' })].length).toBeLessThan(140);
  });

  it('that is nothing but what is taken out counts as none', () => {
    expect(messageInContext(TEMPLATE, 'M', { city: '\u200B\n', browser: ' ' })).toBe('M');
  });
});
