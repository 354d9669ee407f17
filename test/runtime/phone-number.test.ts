import { maskPhoneNumber, readPhoneNumber } from '../../runtime/phone-number.ts';

it.each([
  ['+31612345678', '+31612345678', 'NL'],
  [' +31 6 12 34 56 78 ', '+31612345678', 'NL'],
  ['+1 (505) 555-1234', '+15055551234', 'US'],
  ['+44 7400 123456', '+447400123456', 'GB'],
  ['+49 1512 3456789', '+4915123456789', 'DE'],
  ['+39 02 1234567', '+39021234567', 'IT'],
  ['+15005550006', '+15005550006', 'US'],
])('reads %j as %s of %s', (text, e164, country) => {
  expect(readPhoneNumber(text)).toStrictEqual({ e164, country });
});

it('reads a number of no country', () => {
  expect(readPhoneNumber('+881 6 1234 5678')).toStrictEqual({ e164: '+881612345678', country: null });
});

it.each([
  ['without the plus', '31612345678'],
  ['in national notation', '0612345678'],
  ['with two zeros in place of the plus', '0031612345678'],
  ['too short for its country', '+31612'],
  ['too long for its country', '+316123456789012'],
  ['of a country that there is not', '+999123456789'],
  ['with letters', '+31612345abc'],
  ['with an extension', '+31612345678;ext=9'],
  ['of digits in another script', '+٣١٦١٢٣٤٥٦٧٨'],
  ['two of them', '+31612345678 +31612345679'],
  ['nothing', ''],
  ['a plus alone', '+'],
  ['very long', `+3161${' '.repeat(60)}2345678`],
])('refuses what can not be a number: %s', (_name, text) => {
  expect(readPhoneNumber(text)).toBeUndefined();
});

it.each([
  ['premium rate in the Netherlands', '+319001234567'],
  ['premium rate in the United States', '+19005551234'],
  ['free of charge', '+18005551234'],
  ['shared cost', '+498001234567'],
])('refuses kinds that no person receives an SMS on: %s', (_name, text) => {
  expect(readPhoneNumber(text)).toBeUndefined();
});

it.each([
  ['+31612345678', '+31*******78'],
  ['+15055551234', '+1********34'],
  ['+881612345678', '+881*******78'],
])('masks %s as %s', (e164, masked) => {
  expect(maskPhoneNumber(e164)).toBe(masked);
});
