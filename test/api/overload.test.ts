import { type Phone, type Stack, startStack } from '../support/stack.ts';

describe('an api process that serves as many requests as it may', () => {
  let stack: Stack;
  let phone: Phone;

  beforeAll(async () => {
    stack = await startStack({ env: { API_MAX_CONCURRENT_REQUESTS: '1' } });
    phone = await stack.enrolPhone('alice');
  });
  afterAll(() => stack?.stop());

  it('refuses one more at once, stays alive and ready, and serves again afterwards', async () => {
    // A provider that never answers keeps one begin in the air for as long as a push may take.
    await fetch(`${stack.fcm.url}/simulator/behaviour`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ reply: 'hang' }),
    });
    const held = stack.portal.begin({
      type: 'push',
      user_id: 'alice',
      device_id: phone.deviceId,
      callback_uri: stack.callbacks.url,
      message: 'Log in?',
    });
    const isHeld = async () => {
      const { rows } = await stack.database.knex.raw('select count(*)::int as count from transactions');
      return rows[0].count === 1;
    };
    while (!(await isHeld()));

    const refused = await stack.portal.available('alice');
    expect(refused).toMatchObject({
      status: 503,
      body: { error: 'temporarily_unavailable', error_code: 'overloaded' },
    });
    expect(refused.headers.get('retry-after')).toBe('1');
    expect((await fetch(`${stack.apiUrl}/livez`)).status).toBe(200);
    expect((await fetch(`${stack.apiUrl}/readyz`)).status).toBe(200);

    expect(await held).toMatchObject({ status: 503, body: { error_code: '1002' } });
    expect((await stack.portal.available('alice')).status).toBe(200);
  });
});
