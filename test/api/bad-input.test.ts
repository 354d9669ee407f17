import { request as httpRequest } from 'node:http';
import { createRawPhone } from '../support/raw-phone.ts';
import { type Stack, startStack } from '../support/stack.ts';

const V4 = '/oauth/api/v4/authenticate';
const ID = '01a20c2c-cdb5-76ee-bd90-c0ea062108a5';

describe('bad input', () => {
  let stack: Stack;

  beforeAll(async () => {
    stack = await startStack();
  });
  afterAll(() => stack?.stop());

  it.each([
    ['GET', `${V4}/transaction/not-an-id`, 404, '3004'],
    ['GET', `${V4}/transaction/${ID}`, 404, '3004'],
    ['GET', `${V4}/transaction/a%2Fb`, 404, '3004'],
    ['GET', `${V4}/transaction/%00`, 404, '3004'],
    ['GET', `${V4}/transaction/%zz`, 400, 'request_invalid'],
    ['DELETE', `${V4}/transaction/${ID}`, 404, '3004'],
    ['PUT', `${V4}/transaction/${ID}`, 405, 'method_not_allowed'],
    ['GET', `${V4}/user`, 405, 'method_not_allowed'],
    ['GET', `${V4}/nothing/here`, 404, 'route_unknown'],
    ['POST', `${V4}/user/alice/push/resend`, 404, '3004'],
  ])('%s %s is answered %d %s in both shapes', async (method, path, status, code) => {
    const reply = await stack.portal.request(method, path);
    expect(reply).toMatchObject({ status, body: { error_code: code, description: expect.any(String) } });
    expect(reply.body.error_description).toBe(reply.body.description);
    expect(JSON.stringify(reply.body)).not.toMatch(/\bat .*\.ts/);
  });

  it.each([
    ['a repeated parameter', 'type=push&type=push', 400, '1003'],
    ['no body', undefined, 400, '1003'],
    [
      'a NUL in a user id',
      'type=push&user_id=a%00b&device_id=x&callback_uri=https%3A%2F%2Fp.example&message=m',
      400,
      '1003',
    ],
    ['a callback address that is none', 'type=push&user_id=alice&device_id=x&callback_uri=here&message=m', 400, '1003'],
    ['a user id of 300 characters', `type=push&user_id=${'u'.repeat(300)}`, 400, '1003'],
  ])('a begin with %s is refused', async (_case, body, status, code) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const reply = await stack.portal.request('POST', `${V4}/user`, { headers, ...(body !== undefined && { body }) });
    expect(reply).toMatchObject({ status, body: { error_code: code } });
  });

  it.each([
    [`${V4}/user/a%00b/enabled`, 200],
    [`${V4}/user/a%00b/device/x/enabled`, 200],
    ['/oauth/api/v3/authenticate/user/a%00b/application/x/enabled', 200],
    ['/oauth/api/v2/authenticate/user/a%00b/enabled/a%00b', 200],
    ['/admin/v1/onespan-domains/a%00b', 404],
  ])('a NUL in the address %s names nothing: %d', async (path, status) => {
    expect((await stack.portal.request('GET', path)).status).toBe(status);
  });

  it('a body over 64 KiB is refused on every surface', async () => {
    const large = 'x'.repeat(70_000);
    const form = await stack.portal.request('POST', `${V4}/user`, { body: new URLSearchParams({ message: large }) });
    expect(form).toMatchObject({ status: 413, body: { error_code: 'body_too_large' } });
    const json = await stack.portal.request('POST', '/admin/v1/enrolment-tickets', {
      body: JSON.stringify({ userId: large }),
      headers: { 'content-type': 'application/json' },
    });
    expect(json).toMatchObject({ status: 413, body: { code: 'body_too_large' } });
  });

  it('a body of another content type is refused on every surface', async () => {
    const headers = { 'content-type': 'text/plain' };
    const form = await stack.portal.request('POST', `${V4}/user`, { body: 'type=push', headers });
    expect(form).toMatchObject({ status: 415, body: { error_code: 'media_type_unsupported' } });
    const json = await stack.portal.request('POST', '/admin/v1/enrolment-tickets', { body: '{}', headers });
    expect(json).toMatchObject({ status: 415, body: { code: 'media_type_unsupported' } });
  });

  it.each(['gzip', 'br', 'deflate'])('a body that says it is %s and is not is refused', async (encoding) => {
    const headers = { 'content-type': 'application/json', 'content-encoding': encoding };
    const reply = await stack.portal.request('POST', '/admin/v1/enrolment-tickets', { body: '{}', headers });
    expect(reply).toMatchObject({ status: 400, body: { code: 'request_invalid' } });
  });

  it('JSON that is none, or says something else, is refused with the field at fault', async () => {
    const headers = { 'content-type': 'application/json' };
    const post = (body: string) => stack.portal.request('POST', '/admin/v1/enrolment-tickets', { body, headers });
    expect(await post('{')).toMatchObject({ status: 400, body: { code: 'request_invalid' } });
    expect(await post('{"userId":7}')).toMatchObject({ status: 400, body: { detail: 'userId' } });
    expect(await post('{"userId":"a","applicationId":"no-such-app"}')).toMatchObject({
      status: 400,
      body: { detail: 'applicationId' },
    });
    const problem = await post('{');
    expect(problem.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  });

  it('a device request for what is no id, or with a malformed body, is refused', async () => {
    const raw = await createRawPhone(stack.apiUrl, await stack.enrolPhone('alice'));
    expect(
      await raw.request('POST', '/device/v1/transactions/nope/fetch', { requestId: 'r'.repeat(20) }),
    ).toMatchObject({
      status: 404,
      body: { code: 'transaction_unknown' },
    });
    expect(await raw.request('POST', `/device/v1/transactions/${ID}/answer`, { answer: 5 })).toMatchObject({
      status: 400,
      body: { code: 'request_invalid', detail: 'answer' },
    });
    expect(await raw.request('POST', `/device/v1/transactions/${ID}/fetch`)).toMatchObject({ status: 400 });
    expect(await raw.request('DELETE', '/device/v1/transactions')).toMatchObject({ status: 405 });
  });

  it.each([
    'Basic',
    'Basic !!!',
    'Basic OjpBOg==',
    `Basic ${Buffer.from('%zz:x').toString('base64')}`,
    `Bearer ${'x'.repeat(100)}`,
    `Basic ${'A'.repeat(4_000)}`,
  ])('the credentials %s are refused as a failed client authentication', async (authorization) => {
    const reply = await fetch(`${stack.apiUrl}${V4}/transaction/${ID}`, { headers: { authorization } });
    expect(reply.status).toBe(401);
    expect(await reply.json()).toMatchObject({ error: 'invalid_client' });
  });

  it('every route but health asks for credentials', async () => {
    const status = async (path: string) => (await fetch(stack.apiUrl + path)).status;
    expect(await status('/livez')).toBe(200);
    expect(await status('/readyz')).toBe(200);
    expect(await status(`${V4}/user/alice/enabled`)).toBe(401);
    expect(await status('/device/v1/transactions')).toBe(401);
    expect(await status('/elsewhere')).toBe(404);
  });

  it('a raw path that is no address is refused without an error of ours', async () => {
    const { port } = new URL(stack.apiUrl);
    const status = await new Promise((resolve, reject) => {
      const sent = httpRequest({ port, host: '127.0.0.1', path: '//\\..%2f..%2fetc/passwd' }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      sent.on('error', reject);
      sent.end();
    });
    expect(status).toBe(404);
  });

  it('leaves nothing in the log that looks like breakage', () => {
    expect(stack.api.output()).not.toMatch(/request failed/);
  });
});
