import type { Geolocator, Located } from '../../api/context/geolocator.ts';
import { type MessageForm, secureMessageOf } from '../../api/context/secure-message.ts';
import type { NewEvent } from '../../api/ports.ts';

const FOUND: Located = { ok: true, source: 'file', location: { countryCode: 'NL', city: 'Utrecht' } };

let events: NewEvent[];

beforeEach(() => {
  events = [];
});

function message(
  form: Partial<MessageForm>,
  {
    locate,
    own = {},
    all = '[message] from [location]',
  }: {
    locate?: Geolocator['locate'];
    own?: Record<string, string>;
    all?: string | null;
  } = {},
): Promise<string | undefined> {
  return secureMessageOf(
    {
      templates: { find: async (language) => (all === null ? undefined : `${language}: ${all}`) },
      geolocator: locate && { locate, close: async () => {} },
      recordEvent: async (event) => void events.push(event),
    },
    { language_code: 'nl', secure_message: 'Secure', ...form },
    { type: { confirmationTemplates: own }, shortMessage: 'Short', subject: { transactionId: 't' } },
  );
}

const IP = { ip_address: '192.0.2.1' };

it('takes the template of type and language, then the English one of the type, then the one for all types', async () => {
  const locate = async () => FOUND;
  expect(await message(IP, { locate, own: { nl: 'A[city]', en: 'B' } })).toBe('AUtrecht');
  expect(await message(IP, { locate, own: { fr: 'A', en: 'B[city]' } })).toBe('BUtrecht');
  expect(await message(IP, { locate, own: { fr: 'A' } })).toBe('nl: Secure from Utrecht, NL');
});

it('is left as it was where there is no template at all', async () => {
  expect(await message(IP, { locate: async () => FOUND, all: null })).toBe('Secure');
  expect(await message({ ...IP, secure_message: undefined }, { all: null })).toBeUndefined();
});

it('says nothing of the location, and writes no event, where no geolocator is configured', async () => {
  expect(await message(IP, { all: '[message]{ from [location]}' })).toBe('nl: Secure');
  expect(events).toStrictEqual([]);
});

it('takes spaces around an address for what they are, and a file that knows it for no event', async () => {
  const asked: string[] = [];
  const locate = async (address: string) => {
    asked.push(address);
    return FOUND;
  };
  await message({ ip_address: ' 2001:db8::1 ' }, { locate });
  expect(asked).toStrictEqual(['2001:db8::1']);
  expect(events).toStrictEqual([]);
});

it.each(['', 'localhost', '192.0.2.1, 10.0.0.1', '192.0.2', "1'; drop table"])(
  'does not look up %j, which is no address',
  async (address) => {
    const locate = () => Promise.reject(new Error('must not be asked'));
    expect(await message({ ip_address: address }, { locate })).toBe('Secure');
    expect(events).toStrictEqual([{ transactionId: 't', name: 'GEOLOCATION_CHECK_FAILED' }]);
  },
);

it('outlives a geolocator that breaks', async () => {
  const locate = () => Promise.reject(new Error('damaged'));
  expect(await message(IP, { locate })).toBe('Secure');
  expect(events).toStrictEqual([{ transactionId: 't', name: 'GEOLOCATION_CHECK_FAILED' }]);
});
