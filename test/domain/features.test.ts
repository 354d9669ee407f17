import { type Features, isMethodOn } from '../../workflows/domain/features.ts';

const ALL_ON: Features = {
  mobileAuthentication: true,
  transactionSigning: true,
  geolocation: true,
  customAuthenticators: true,
  pushAuthorization: true,
};

it.each([
  ['push', {}, true],
  ['push_with_custom_authenticator', {}, true],
  ['push', { customAuthenticators: false }, true],
  ['push_with_custom_authenticator', { customAuthenticators: false }, false],
  ['push', { pushAuthorization: false }, false],
  ['push_with_number', { pushAuthorization: false }, false],
  ['push_with_pin', { transactionSigning: false, geolocation: false }, true],
] as const)('%s with %j: %s', (method, off, isOn) => {
  expect(isMethodOn(method, { ...ALL_ON, ...off })).toBe(isOn);
});
