import { ONESPAN_REFUSALS } from '../../runtime/onespan-errors.ts';
import { createOneSpanPortal, type OneSpanPortal } from '../support/onespan-portal.ts';
import { type OneSpanStack, PASSWORD, startOneSpanStack } from '../support/onespan-stack.ts';
import { createPortal } from '../support/portal.ts';

let stack: OneSpanStack;
let onespan: OneSpanPortal;

beforeAll(async () => {
  stack = await startOneSpanStack();
  ({ onespan } = stack);
});
afterAll(() => stack?.stop());

describe('a domain', () => {
  it('keeps its users, their passwords and their phones apart from those of another one', async () => {
    await stack.database.knex('applications').insert({ id: 'other-app', name: 'Other app' });
    await onespan.putDomain('other', { applicationId: 'other-app', typeName: 'push' });
    const phone = await stack.aUser('shared-name');
    await onespan.setPassword('shared-name@other', 'another-password');
    expect(await onespan.login('shared-name@other', `push${PASSWORD}`)).toMatchObject({
      status: 409,
      body: { message: 'Authentication failed' },
    });
    expect(await onespan.login('shared-name@other', 'pushanother-password')).toMatchObject({
      status: 409,
      body: { message: ONESPAN_REFUSALS.no_authenticator },
    });
    // By the name of the other domain's user, spelt as one of this domain.
    expect(await onespan.login('shared-name@other@demo', 'pushanother-password')).toMatchObject({ status: 409 });
    expect(await phone.client.pending()).toEqual([]);
    expect((await onespan.login('shared-name@demo', `push${PASSWORD}`)).body.sessionStatus).toBe('pending');
    expect(await phone.client.pending()).toHaveLength(1);
  });

  it('can be kept to some clients, and sessions to the one that began them', async () => {
    const other = await stack.anotherPortal();
    const domain = { applicationId: 'demo-app', typeName: 'push', clientIds: ['demo-portal'] };
    await onespan.putDomain('private', domain);
    const phone = await stack.enrolPhone('member@private');
    // An administrator reaches every domain.
    expect(await other.setPassword('member@private', PASSWORD)).toMatchObject({ status: 204 });
    expect(await other.login('member@private', `push${PASSWORD}`)).toMatchObject({
      status: 409,
      body: { message: 'Authentication failed' },
    });
    const { body } = await onespan.login('member@private', `push${PASSWORD}`);
    expect(body.sessionStatus).toBe('pending');
    expect((await other.session(body.requestID)).body).toEqual({ sessionStatus: 'unknown' });
    expect(await phone.client.pending()).toHaveLength(1);
  });

  it('says by its request method what a pass key is', async () => {
    const phone = await stack.enrolPhone('methodical@methods');
    const login = async (requestMethod: string, passKey: string) => {
      await onespan.putDomain('methods', { applicationId: 'demo-app', typeName: 'push', requestMethod });
      await onespan.setPassword('methodical@methods', PASSWORD);
      return (await onespan.login('methodical@methods', passKey)).body;
    };
    for (const [requestMethod, passKey] of [
      ['KeywordOnly', 'push'],
      ['Password', PASSWORD],
      ['KeywordPassword', `push${PASSWORD}`],
      ['PasswordKeyword', `${PASSWORD}push`],
    ] as const) {
      expect(await login(requestMethod, passKey)).toMatchObject({ sessionStatus: 'pending' });
    }
    expect(await phone.client.pending()).toHaveLength(4);
    expect(await login('None', `push${PASSWORD}`)).toEqual({ error: 'Conflict', message: 'Authentication failed' });
    // Nobody is told by the keyword alone who is known here.
    await onespan.putDomain('methods', { applicationId: 'demo-app', typeName: 'push', requestMethod: 'KeywordOnly' });
    expect(await onespan.login('nobody@methods', 'push')).toMatchObject({
      status: 409,
      body: { message: ONESPAN_REFUSALS.no_authenticator },
    });
  });

  it('is read back as it was written, and refuses what does not exist', async () => {
    const domain = { applicationId: 'demo-app', typeName: 'push', loginText: 'Log in to the bank?' };
    await onespan.putDomain('written', domain);
    expect((await onespan.get('/admin/v1/onespan-domains/written')).body).toMatchObject({
      ...domain,
      name: 'written',
      timeoutSeconds: 60,
      challengeSeconds: 180,
      version: 1,
    });
    expect(await onespan.putDomain('written', { ...domain, timeoutSeconds: 301 })).toMatchObject({ status: 400 });
    for (const [field, value] of [
      ['applicationId', 'absent'],
      ['typeName', 'absent'],
      ['isDefault', true],
    ] as const) {
      expect(await onespan.putDomain('written', { ...domain, [field]: value })).toMatchObject({
        status: 400,
        body: { detail: field },
      });
    }
    // Its users would be others from then on.
    const demo = (await onespan.get('/admin/v1/onespan-domains/demo')).body;
    const { name: _name, version: _version, ...fields } = demo;
    await onespan.setPassword('someone', PASSWORD);
    expect(await onespan.putDomain('demo', { ...fields, isDefault: false })).toMatchObject({
      status: 400,
      body: { detail: 'isDefault' },
    });
    expect(await onespan.putDomain('demo', fields)).toMatchObject({ status: 200 });
    expect(await onespan.get('/admin/v1/onespan-domains/absent')).toMatchObject({ status: 404 });
  });
});

describe('the surface', () => {
  it('names each reply, and tells what is wrong in the vendor’s form', async () => {
    const stranger = createOneSpanPortal(createPortal(stack.apiUrl, { id: 'demo-portal', secret: 'wrong' }));
    const replies = {
      unauthorized: await stranger.session('x'),
      malformed: await onespan.post('/v1/users/someone/login', { objectType: 'LoginInput' }),
      fido: await onespan.post('/v1/users/someone/login', {
        objectType: 'LoginInput',
        credentials: { fidoAuthenticator: { authenticationResponse: '{}' } },
      }),
      nowhere: await onespan.get('/v1/nowhere'),
      otherMethod: await onespan.get('/v1/users/someone/login'),
      unknown: await onespan.session('no-id'),
    };
    expect(replies.unauthorized).toMatchObject({ status: 401, body: { error: 'Unauthorized' } });
    expect(replies.malformed).toMatchObject({
      status: 400,
      body: { error: 'Bad Request', validationErrors: [{ message: expect.stringContaining('credentials') }] },
    });
    expect(replies.fido).toMatchObject({
      status: 400,
      body: { validationErrors: [{ message: expect.stringContaining('not supported') }] },
    });
    expect(replies.nowhere).toMatchObject({ status: 404, body: { error: 'Not Found' } });
    expect(replies.otherMethod).toMatchObject({ status: 405, body: { error: 'Method Not Allowed' } });
    expect(replies.unknown).toMatchObject({ status: 200, body: { sessionStatus: 'unknown' } });
    for (const { headers } of Object.values(replies)) expect(headers.get('log-correlation-id')).toMatch(/^[0-9a-f-]+$/);
    const ids = Object.values(replies).map(({ headers }) => headers.get('log-correlation-id'));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('shares its phone with the other surface', async () => {
    const phone = await stack.aUser('both');
    const first = await stack.loginOf(phone);
    const second = await stack.begin(phone);
    expect((await phone.client.pending()).map(({ transactionId }) => transactionId).sort()).toEqual(
      [first, second].sort(),
    );
    for (const id of [first, second]) await phone.client.approve(await phone.client.fetchChallenge(id));
    expect(await stack.sessionOf(first)).toEqual({ sessionStatus: 'accepted' });
    expect((await stack.portal.result(second)).body).toMatchObject({ status: 'approved' });
    const result = (await stack.portal.result(first)).body;
    expect(result).toMatchObject({ status: 'approved', is_authenticated: true });
    expect(result).not.toHaveProperty('callback_uri');
  });
});
