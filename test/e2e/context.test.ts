import { type PortalServer, startPortalServer } from '../adapters/portal-server.ts';
import { type Phone, type Stack, startStack } from '../support/stack.ts';

const CHROME_ON_MAC =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_14_3) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/73.0.3683.86 Safari/537.36';
const UTRECHT = { success: true, country_code: 'NL', region: 'Provincie Utrecht', city: 'Utrecht' };

describe('the secure message', () => {
  let stack: Stack;
  let phone: Phone;
  /** Stands for the geolocation service. */
  let service: PortalServer;

  beforeAll(async () => {
    service = await startPortalServer();
    stack = await startStack({
      env: {
        GEOLOCATION_RESOLVER: 'http',
        GEOLOCATION_URL: service.url,
        GEOLOCATION_KEY: 'the-key',
        GEOLOCATION_TIMEOUT_MS: '3000',
      },
    });
    phone = await stack.enrolPhone('alice');
  });
  afterAll(async () => {
    await stack?.stop();
    await service?.close();
  });
  beforeEach(() => answer(200, UTRECHT));

  function answer(status: number, body: object): void {
    service.answer = (_request, response) => void response.writeHead(status).end(JSON.stringify(body));
  }

  /** An address that no other test has had looked up. */
  let addresses = 0;
  function anAddress(): string {
    addresses += 1;
    return `192.0.2.${addresses}`;
  }

  const form = (more: Record<string, string> = {}) => ({
    secure_message: 'Log in to the portal?',
    ip_address: anAddress(),
    user_agent: CHROME_ON_MAC,
    ...more,
  });
  async function shown(fields: Record<string, string>): Promise<{ message: string; events: string[] }> {
    const transactionId = await stack.begin(phone, fields);
    const { message } = await phone.client.fetchChallenge(transactionId);
    const events = await stack.database.knex('events').where({ transaction_id: transactionId }).orderBy('id');
    const geolocation = events.filter(({ name }) => name.startsWith('GEOLOCATION'));
    for (const event of geolocation) expect(event).toMatchObject({ user_id: 'alice', client_id: 'demo-portal' });
    return { message, events: geolocation.map(({ name }) => name) };
  }

  it('says with what and from where it is asked, and asks for an address once', async () => {
    const fields = form();
    const message =
      'Log in to the portal?\nAsked with: macOS 10.14, Chrome 73.0\nAsked from: Utrecht, Provincie Utrecht, NL';
    expect(await shown(fields)).toEqual({ message, events: ['GEOLOCATION_CHECK_EXTERNAL_CALL_SUCCESS'] });
    expect(await shown(fields)).toEqual({ message, events: ['GEOLOCATION_CHECK_CACHE_SUCCESS'] });
    expect(service.requests.map(({ path }) => path)).toEqual([`/the-key/${fields.ip_address}`]);
  });

  it('is in the language of the request, and in English for others', async () => {
    expect((await shown(form({ language_code: 'nl' }))).message).toContain('Gevraagd vanuit: Utrecht');
    expect((await shown(form({ language_code: 'xx' }))).message).toContain('Asked from: Utrecht');
  });

  it('goes by a template of the type, changed while everything runs', async () => {
    const value = '[message] using [browser] from [city], [countryCode]';
    const type = stack.database.knex('authentication_types').where({ name: 'push-pin' });
    await type.clone().update({ confirmation_templates: JSON.stringify({ en: value }) });
    await phone.client.setPin('48151');
    const expected = 'Log in to the portal? using Chrome 73.0 from Utrecht, NL';
    expect((await shown(form({ type: 'push-pin' }))).message).toBe(expected);
    expect((await shown(form())).message).not.toBe(expected);
    await type.clone().update({ confirmation_templates: '{"nl":"[message]!","en":"?"}' });
    for (let message = ''; message !== 'Log in to the portal?!'; ) {
      message = (await shown(form({ type: 'push-pin', language_code: 'nl' }))).message;
    }
  });

  it('never expands what the portal wrote, nor what others say', async () => {
    answer(200, { ...UTRECHT, city: '[message]{[browser]}', region: 'N/A' });
    const message = 'Pay [city] {[browser]}';
    expect((await shown(form({ secure_message: message }))).message).toBe(
      `${message}\nAsked with: macOS 10.14, Chrome 73.0\nAsked from: [message]{[browser]}, NL`,
    );
  });

  it('puts the context behind the short message where there is no secure one', async () => {
    expect((await shown(form({ secure_message: '', message: 'Log in?' }))).message).toMatch(/^Log in\?\nAsked with: /);
  });

  it.each([
    ['an address that is none', { ip_address: 'unknown' }, 200, UTRECHT, 'GEOLOCATION_CHECK_FAILED'],
    ['a service that is down', {}, 503, {}, 'GEOLOCATION_CHECK_EXTERNAL_CALL_FAILED'],
    ['an answer without a country', {}, 200, { success: true }, 'GEOLOCATION_CHECK_RESPONSE_PARSING_FAILED'],
  ])('is the message alone for %s, and an event tells', async (_name, fields, status, body, event) => {
    answer(status, body);
    expect(await shown(form(fields))).toEqual({ message: 'Log in to the portal?', events: [event] });
  });

  it('is the message alone while the service hangs, and the begin does not hang with it', async () => {
    service.answer = () => {};
    expect(await shown(form())).toEqual({
      message: 'Log in to the portal?',
      events: ['GEOLOCATION_CHECK_EXTERNAL_CALL_FAILED'],
    });
  });

  it('says what is known where the portal tells one thing only, and nothing where it tells none', async () => {
    expect(await shown(form({ ip_address: '' }))).toEqual({
      message: 'Log in to the portal?\nAsked with: macOS 10.14, Chrome 73.0',
      events: ['GEOLOCATION_CHECK_SKIPPED_DATA_MISSING'],
    });
    expect((await shown(form({ user_agent: '' }))).message).toBe(
      'Log in to the portal?\nAsked from: Utrecht, Provincie Utrecht, NL',
    );
    expect(await shown({ secure_message: 'Log in?' })).toEqual({ message: 'Log in?', events: [] });
  });

  it('is so for a one-time code too', async () => {
    const { body } = await stack.portal.begin({
      ...form(),
      type: 'otp',
      callback_uri: stack.callbacks.url,
      message: 'Log in?',
    });
    expect(await phone.client.claimOtp(body.otp)).toMatchObject({
      message: expect.stringMatching(/^Log in to the portal\?\nAsked with: .*\nAsked from: Utrecht/),
    });
  });

  it('leaves no trace of address, key or user agent in logs and tables', async () => {
    const fields = form({ ip_address: '198.51.100.77' });
    answer(500, {});
    await shown(fields);
    const { rows } = await stack.database.knex.raw('select jsonb_agg(e)::text as text from events e');
    for (const text of [stack.api.output(), stack.worker.output(), rows[0].text]) {
      expect(text).not.toMatch(/198\.51\.100\.77|the-key|Macintosh/);
    }
  });
});
