import { request as httpRequest, type IncomingMessage } from 'node:http';
import fc from 'fast-check';
import { displayNameOf, identifierOf } from '../../api/routes/events/event-item.ts';
import { paginationOf } from '../../api/routes/events/pagination.ts';
import { type Phone, type Stack, startStack } from '../support/stack.ts';

const EVENTS = '/oauth/api/v1/events';

describe('the events API', () => {
  let stack: Stack;
  let phone: Phone;
  let transactionId: string;

  beforeAll(async () => {
    stack = await startStack();
    phone = await stack.enrolPhone('Alice');
    await stack.enrolPhone('bob');
    transactionId = await stack.begin(phone);
    await phone.client.approve(await phone.client.fetchChallenge(transactionId));
    await stack.callbacks.waitFor(transactionId);
    await stack.database.knex('events').insert(
      Array.from({ length: 10 }, (_, index) => ({
        name: 'ADMIN_USER_CLIENT_KEYS_REVOKED',
        user_id: 'many',
        agent_user: 'helen',
        occurred_at: new Date(1_700_000_000_000 + index),
      })),
    );
  });
  afterAll(() => stack?.stop());

  const list = async (query: string) => {
    const reply = await stack.portal.request('GET', `${EVENTS}?${query}`);
    return { ...reply, found: reply.body.result_set as Record<string, unknown>[], pages: reply.body.pagination };
  };
  const typesOf = async (query: string) => (await list(query)).found.map(({ event_type }) => event_type);

  it('tells what happened, newest first, in the words of the vendor', async () => {
    const { status, headers, found, pages } = await list(`transaction_id=${transactionId}&size=100`);
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toMatch(/no-store/);
    expect(found.map(({ event_type }) => event_type)).toEqual(
      expect.arrayContaining(['PUSH_AUTH_INITIALIZED', 'MOBILE_AUTH_AUTHENTICATED', 'PUSH_AUTH_CALLBACK_SENT']),
    );
    const times = found.map(({ occurred }) => occurred as number);
    expect(times).toEqual([...times].sort((a, b) => b - a));
    const fetched = found.find(({ event_type }) => event_type === 'MOBILE_AUTH_FETCH_SECURED_MESSAGE_FETCHED');
    expect(fetched).toEqual({
      event_identifier: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-0{12}$/),
      event_name: 'Mobile auth fetch secured message fetched',
      event_type: 'MOBILE_AUTH_FETCH_SECURED_MESSAGE_FETCHED',
      client_id: 'demo-portal',
      app_name: 'Demo app',
      transaction_id: transactionId,
      user_id: 'Alice',
      client_ip: '127.0.0.1',
      user_agent: expect.any(String),
      event_agent_user: null,
      event_details: {},
      occurred: expect.any(Number),
    });
    expect(pages).toEqual({
      total_results: found.length,
      offset: 0,
      page_size: 100,
      max_visible: 5,
      pages_before: 2,
      range_start: 1,
      range_end: found.length,
      first_page: true,
      last_page: true,
      number_of_pages: 1,
      previous_page: null,
      next_page: null,
      visible_pages: [],
    });
  });

  it('filters by each parameter, all of them together', async () => {
    expect(await typesOf('user_id=aLICE&event_type=KEY_ENROLLMENT_SUCCESS')).toEqual(['KEY_ENROLLMENT_SUCCESS']);
    expect(
      (await typesOf('user_id=bob&event_type=KEY_ENROLLMENT_SUCCESS&event_type=PUSH_ENROLLMENT_SUCCESS')).sort(),
    ).toEqual(['KEY_ENROLLMENT_SUCCESS', 'PUSH_ENROLLMENT_SUCCESS']);
    const withoutTwo = 'exclude_event_type=KEY_ENROLLMENT_SUCCESS&exclude_event_type=ENROLLMENT_INITIALIZED';
    expect(await typesOf(`user_id=bob&${withoutTwo}`)).toEqual(['PUSH_ENROLLMENT_SUCCESS']);
    expect(await typesOf('user_id=bob&client_id=nobody')).toEqual([]);
    expect((await list('user_id=many')).found[0]).toMatchObject({ event_agent_user: 'helen', user_id: 'many' });
    expect(await typesOf('transaction_id=ONEGINI_95830280')).toEqual([]);
  });

  it('takes both ends of a time as inclusive, and the end as exclusive where that is wanted', async () => {
    const occurredOf = async (query: string) =>
      (await list(`user_id=many&${query}`)).found.map(({ occurred }) => (occurred as number) - 1_700_000_000_000);
    const range = 'start_date=1700000000002&end_date=1700000000004';
    expect(await occurredOf(range)).toEqual([4, 3, 2]);
    expect(await occurredOf(`${range}&end_date_exclusive=true`)).toEqual([3, 2]);
    expect(await occurredOf(`${range}&end_date_exclusive=false&size=1&page=1`)).toEqual([3]);
  });

  it('gives pages, and nothing past the last one', async () => {
    const first = await list('user_id=many&size=4');
    expect(first.pages).toMatchObject({ total_results: 10, number_of_pages: 3, next_page: 1, previous_page: null });
    const last = await list('user_id=many&size=4&page=2');
    expect(last.found).toHaveLength(2);
    expect(last.pages).toMatchObject({ range_start: 9, range_end: 10, last_page: true, next_page: null });
    const past = await list('user_id=many&size=4&page=900000000');
    expect(past).toMatchObject({ status: 200, found: [], pages: { range_start: 0, last_page: true } });
  });

  it.each([
    'size=0',
    'size=1001',
    'size=ten',
    'size=5&size=6',
    'page=-1',
    'page=1.5',
    'start_date=yesterday',
    'end_date=99999999999999999',
    'end_date_exclusive=perhaps',
    'user_id=a%00b',
    `client_id=${'c'.repeat(300)}`,
    'event_type=a%20b',
    'event_type=%00',
    'transaction_id=%00',
  ])('refuses %s by the name of the parameter', async (query) => {
    const reply = await stack.portal.request('GET', `${EVENTS}?${query}`);
    expect(reply).toMatchObject({
      status: 400,
      body: { error: 'invalid_request', error_code: 'request_invalid', description: query.split('=')[0] },
    });
    expect((await stack.portal.request('GET', `${EVENTS}/export?${query}`)).status).toBe(
      /^(size|page)/.test(query) ? 200 : 400,
    );
  });

  it('answers whatever is asked with a documented status, never with breakage', async () => {
    const names = ['user_id', 'client_id', 'event_type', 'exclude_event_type', 'transaction_id', 'page', 'size'];
    const values = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.integer().map(String),
      fc.constantFrom('\u0000', '%', 'NaN', '1e9', '9'.repeat(30), '-0', ' ', 'x'.repeat(5_000)),
    );
    const parameter = fc.tuple(
      fc.constantFrom(...names, 'start_date', 'end_date', 'end_date_exclusive', '__proto__', 'other'),
      values,
    );
    await fc.assert(
      fc.asyncProperty(fc.array(parameter, { maxLength: 5 }), async (parameters) => {
        const query = new URLSearchParams(parameters.map(([name, value]) => [name, value.toWellFormed()]));
        for (const path of [EVENTS, `${EVENTS}/export`]) {
          const { status } = await stack.portal.request('GET', `${path}?${query}&transaction_id=&size=`);
          expect([200, 400]).toContain(status);
        }
      }),
      { numRuns: 40 },
    );
    expect(stack.api.output()).not.toMatch(/request failed/);
  });

  it('is for clients with its scope alone, and a refusal is an event', async () => {
    const { knex } = stack.database;
    const [client] = await knex('api_clients');
    await knex('api_clients').insert({ ...client, id: 'other', scopes: ['onegini_api_mobile_authentication'] });
    const headers = { authorization: `Basic ${btoa(`other:${stack.portal.credentials.secret}`)}` };
    for (const path of [EVENTS, `${EVENTS}/export`]) {
      expect(await stack.portal.request('GET', path, { headers })).toMatchObject({
        status: 401,
        body: { error: 'invalid_client' },
      });
    }
    expect((await stack.portal.request('POST', EVENTS)).status).toBe(405);
    expect(await typesOf('event_type=API_AUTHENTICATION_FAILED')).toHaveLength(2);
  });

  describe('exports', () => {
    const MANY = 30_000;
    beforeAll(async () => {
      // In parts, as a statement may take two seconds.
      for (let from = 1; from <= MANY; from += 3_000) {
        await stack.database.knex.raw(
          `insert into events (name, user_id, user_agent, occurred_at)
           select 'API_DEVICES_LISTED', 'exported', repeat('x', 200), now() - interval '1 day' + n * interval '1 microsecond'
             from generate_series(${from}, ${from + 2_999}) n`,
        );
      }
    });
    const EXPORT = `${EVENTS}/export?user_id=exported`;
    const open = () =>
      new Promise<IncomingMessage>((resolve, reject) => {
        const { id, secret } = stack.portal.credentials;
        httpRequest(stack.apiUrl + EXPORT, { auth: `${id}:${secret}`, agent: false }, resolve)
          .on('error', reject)
          .end();
      });

    it('every event as a line, oldest first, each once', async () => {
      const reply = await stack.portal.request('GET', EXPORT);
      expect(reply.headers.get('content-type')).toBe('application/x-ndjson');
      expect(reply.headers.get('transfer-encoding')).toBe('chunked');
      const lines = (reply.body as string).trimEnd().split('\n');
      expect(lines).toHaveLength(MANY);
      const items = lines.map((line) => JSON.parse(line) as { event_identifier: string; occurred: number });
      expect(new Set(items.map(({ event_identifier }) => event_identifier)).size).toBe(MANY);
      expect(items.every(({ occurred }, index) => index === 0 || occurred >= (items[index - 1]?.occurred ?? 0))).toBe(
        true,
      );
    });

    it('nothing where nothing is found', async () => {
      expect(await stack.portal.request('GET', `${EVENTS}/export?user_id=nobody`)).toMatchObject({
        status: 200,
        body: '',
      });
    });

    it('to four readers at once in a process; one more is told to come again, and is served when one is gone', async () => {
      const readers = await Promise.all(Array.from({ length: 4 }, open));
      const fifth = await stack.portal.request('GET', EXPORT);
      expect(fifth).toMatchObject({ status: 503, body: { error_code: 'overloaded' } });
      expect(fifth.headers.get('retry-after')).toBe('10');
      for (const reader of readers) reader.destroy();
      for (let isServed = false; !isServed; ) {
        const reader = await open();
        isServed = reader.statusCode === 200;
        reader.destroy();
      }
    });
  });
});

it('a page of results knows its place', () => {
  expect(paginationOf(0, 0, 20)).toMatchObject({ number_of_pages: 0, first_page: true, last_page: true, range_end: 0 });
  expect(paginationOf(200, 5, 20)).toMatchObject({
    offset: 100,
    range_start: 101,
    range_end: 120,
    first_page: false,
    last_page: false,
    previous_page: 4,
    next_page: 6,
    visible_pages: [3, 4, 5, 6, 7],
  });
  expect(paginationOf(200, 0, 20).visible_pages).toEqual([0, 1, 2, 3, 4]);
  expect(paginationOf(200, 9, 20).visible_pages).toEqual([5, 6, 7, 8, 9]);
  expect(paginationOf(40, 1, 20).visible_pages).toEqual([0, 1]);
});

it('an event has a name for people and an identifier of its own', () => {
  expect(displayNameOf('API_DEVICE_REMOVED')).toBe('API device removed');
  expect(displayNameOf('PUSH_AUTH_INITIALIZED')).toBe('Push auth initialized');
  expect(identifierOf('1')).not.toBe(identifierOf('2'));
  expect(identifierOf('9223372036854775807')).toBe('7fffffff-ffff-8fff-8f00-000000000000');
});
