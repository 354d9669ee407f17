import twilio from 'twilio';
import { startCallbackReceiver } from '../support/callback-receiver.ts';
import { aNumber } from './an-sms.ts';
import { OUR_NUMBER, type SimulatedTwilio, startSimulatedTwilio } from './simulated-sms.ts';

/** Twilio's own library, as it comes: the simulator must serve it, and refuse it what the real service refuses. */
let service: SimulatedTwilio;
let client: twilio.Twilio;

beforeAll(async () => {
  service = await startSimulatedTwilio();
  client = clientOf(service.simulator.account.accountSid, service.simulator.account.authToken);
});

afterAll(() => service.simulator.stop());

function clientOf(user: string, password: string, accountSid = service.simulator.account.accountSid): twilio.Twilio {
  const made = twilio(user, password, { accountSid });
  made.api.baseUrl = service.simulator.url;
  return made;
}

describe("Twilio's library", () => {
  it('sends a message and reads it again', async () => {
    const to = aNumber();
    const sent = await client.messages.create({ to, from: OUR_NUMBER, body: 'Hello', validityPeriod: 60 });
    expect(sent).toMatchObject({ to, from: OUR_NUMBER, body: 'Hello', status: 'queued', direction: 'outbound-api' });
    expect(sent.sid).toMatch(/^SM[0-9a-f]{32}$/);
    expect(Math.abs(sent.dateCreated.getTime() - Date.now())).toBeLessThan(60_000);
    expect((await client.messages(sent.sid).fetch()).body).toBe('Hello');
    expect(await service.sentTo(to)).toMatchObject([{ id: sent.sid, to, from: OUR_NUMBER, body: 'Hello' }]);
  });

  it('sends with an API key', async () => {
    const { apiKeySid, apiKeySecret } = service.simulator.account;
    const sent = await clientOf(apiKeySid, apiKeySecret).messages.create({
      ...{ to: aNumber(), from: OUR_NUMBER, body: 'Hello' },
    });
    expect(sent.status).toBe('queued');
  });

  it('leaves the sender to a messaging service', async () => {
    const { messagingServiceSid } = service.simulator.account;
    const sent = await client.messages.create({ to: aNumber(), messagingServiceSid, body: 'Hello' });
    expect(sent).toMatchObject({ status: 'accepted', messagingServiceSid, from: OUR_NUMBER });
  });

  it('sends under a name, where names are taken', async () => {
    const sent = await client.messages.create({ to: aNumber(), from: 'Demo Bank', body: 'Hello' });
    expect(sent.from).toBe('Demo Bank');
  });

  it('hears what becomes of a message, in an order and with signatures that it can verify', async () => {
    const portal = await startStatusReceiver();
    const to = aNumber();
    await service.behave({ to, delivery: 'undelivered', errorCode: 30_003, next: 1 });
    const sent = await client.messages.create({
      ...{ to, from: OUR_NUMBER, body: 'Hello', statusCallback: `${portal.url}?step=1` },
    });
    await service.simulator.settled();
    expect(portal.received.map(({ form }) => [form.MessageSid, form.MessageStatus, form.ErrorCode])).toStrictEqual([
      [sent.sid, 'sent', undefined],
      [sent.sid, 'undelivered', '30003'],
    ]);
    const { authToken } = service.simulator.account;
    for (const { form, signature, url } of portal.received) {
      expect(twilio.validateRequest(authToken, signature, url, form)).toBe(true);
      expect(twilio.validateRequest(authToken, signature, url, { ...form, MessageStatus: 'delivered' })).toBe(false);
      expect(twilio.validateRequest('another token', signature, url, form)).toBe(false);
    }
    await portal.close();
  });
});

async function startStatusReceiver() {
  const received: { form: Record<string, string>; signature: string; url: string }[] = [];
  const express = (await import('express')).default;
  const { listenOnLoopback, loopbackUrl } = await import('../../dev/loopback-server.ts');
  const app = express();
  app.use(express.urlencoded({ extended: false }));
  const server = await listenOnLoopback(app, 0);
  const url = `${loopbackUrl(server.port)}/status`;
  app.post('/status', (request, response) => {
    const signature = request.get('x-twilio-signature') ?? '';
    received.push({ form: request.body, signature, url: loopbackUrl(server.port) + request.originalUrl });
    response.status(204).end();
  });
  return { url, received, close: () => server.close() };
}

describe('credentials are refused', () => {
  it.each([
    ['a wrong token', () => clientOf(service.simulator.account.accountSid, 'wrong')],
    ['an API key with the wrong secret', () => clientOf(service.simulator.account.apiKeySid, 'wrong')],
    [
      'another account',
      () => clientOf(`AC${'0'.repeat(32)}`, service.simulator.account.authToken, `AC${'0'.repeat(32)}`),
    ],
    [
      'the right ones for another account',
      () => clientOf(service.simulator.account.accountSid, service.simulator.account.authToken, `AC${'0'.repeat(32)}`),
    ],
  ])('%s', async (_name, stranger) => {
    const sending = stranger().messages.create({ to: aNumber(), from: OUR_NUMBER, body: 'Hello' });
    await expect(sending).rejects.toMatchObject({
      status: 401,
      code: 20003,
      moreInfo: expect.stringMatching(/20003$/),
    });
  });
});

describe('a message is refused', () => {
  const good = { to: '+31612345678', from: OUR_NUMBER, body: 'Hello' };
  it.each<[string, Readonly<Record<string, unknown>>, number, number]>([
    ['without a recipient', { to: '' }, 400, 21604],
    ['to what is no number', { to: '12345' }, 400, 21211],
    ['to a number of the test account that is none', { to: '+15005550001' }, 400, 21211],
    ['to a number that can not be reached from here', { to: '+15005550002' }, 400, 21612],
    ['to a country that is not enabled', { to: '+15005550003' }, 400, 21408],
    ['to one who has said STOP', { to: '+15005550004' }, 400, 21610],
    ['to a landline', { to: '+15005550009' }, 400, 21614],
    ['without a sender', { from: '' }, 400, 21603],
    ['from a number of somebody else', { from: '+15055551234' }, 400, 21660],
    ['from a number that sends no messages', { from: '+15005550007' }, 400, 21606],
    ['from a number whose queue is full', { from: '+15005550008' }, 400, 21611],
    ['under a name of twelve letters', { from: 'TwelveLetter' }, 400, 21212],
    ['under a name with a dash', { from: 'Demo-Bank' }, 400, 21212],
    ['under a name to the United States', { from: 'Demo Bank', to: '+15055551234' }, 400, 21612],
    ['without a text', { body: '' }, 400, 21602],
    ['of 1,601 characters', { body: 'x'.repeat(1_601) }, 400, 21617],
    ['valid for no time', { validityPeriod: 0 }, 400, 21624],
    ['valid for eleven hours', { validityPeriod: 39_600 }, 400, 21624],
    ['with an address for reports that is none', { statusCallback: 'not an address' }, 400, 21609],
    ['by a messaging service that there is not', { messagingServiceSid: `MG${'0'.repeat(32)}` }, 404, 21701],
  ])('%s', async (_name, fields, status, code) => {
    const sending = client.messages.create({ ...good, ...fields } as typeof good);
    await expect(sending).rejects.toMatchObject({ status, code });
  });

  it('on demand, as often as was asked for', async () => {
    const to = aNumber();
    await service.behave({ to, reply: '20429', next: 2 });
    const send = () => client.messages.create({ to, from: OUR_NUMBER, body: 'Hello' });
    await expect(send()).rejects.toMatchObject({ status: 429, code: 20429 });
    await expect(send()).rejects.toMatchObject({ status: 429, code: 20429 });
    await expect(send()).resolves.toMatchObject({ status: 'queued' });
    expect(await service.sentTo(to)).toHaveLength(1);
  });
});

describe('its page and its remote control', () => {
  it('show what was sent, and run nothing of it', async () => {
    await client.messages.create({ to: aNumber(), from: OUR_NUMBER, body: '<script>alert(1)</script>' });
    const page = await (await fetch(service.simulator.url)).text();
    expect(page).toContain('&#60;script&#62;alert(1)&#60;/script&#62;');
    expect(page).not.toContain('<script>');
  });

  it('tell what is wrong with a behaviour', async () => {
    await expect(service.behave({ reply: '12345' })).rejects.toThrow('reply');
    await expect(service.behave({ unknown: true })).rejects.toThrow('unknown');
  });

  it('serve this machine only', async () => {
    const { request } = await import('undici');
    const { statusCode, body } = await request(service.simulator.url, { headers: { host: 'evil.example' } });
    await body.dump();
    expect(statusCode).toBe(421);
  });
});

it('a receiver of callbacks that is gone does not stop it', async () => {
  const gone = await startCallbackReceiver();
  await gone.close();
  const sent = await client.messages.create({
    ...{ to: aNumber(), from: OUR_NUMBER, body: 'Hello', statusCallback: gone.url },
  });
  await service.simulator.settled();
  expect((await client.messages(sent.sid).fetch()).status).toBe('delivered');
});
