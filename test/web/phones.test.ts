import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext } from 'playwright-core';
import { startBrowser, type TestBrowser } from '../support/browser.ts';
import { enrolPhonePage, openOnPhonePage } from '../support/demo-pages.ts';
import { filmOfCode } from '../support/film-of-code.ts';
import { type Stack, startStack } from '../support/stack.ts';

describe('the virtual phone', () => {
  let stack: Stack;
  let browser: TestBrowser;
  let visitor: BrowserContext;

  beforeAll(async () => {
    stack = await startStack({ withSms: true, withDemoPortal: true });
    browser = await startBrowser(stack.apiUrl);
  }, 120_000);
  beforeEach(async () => {
    visitor = await browser.visit();
  });
  afterEach(async () => {
    await visitor.close();
    expect(browser.complaints()).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.stop();
  });

  async function ask(userId: string, type = 'push'): Promise<string> {
    const { body } = await stack.portal.available(userId);
    const [app] = body.enabled.find((each: { type: string }) => each.type === type).apps_enrolled_for_push;
    const { status, body: begun } = await stack.portal.begin({
      ...{ type, user_id: userId, device_id: app.device_id, callback_uri: stack.callbacks.url },
      ...{ message: `Is this ${userId}?`, ...(type === 'push-signing' && { signing_data: 'EUR 10 to NL00' }) },
    });
    expect(status).toBe(200);
    return begun.transaction_id;
  }

  it('enrols with a ticket that is pasted, and with one that is used says so', async () => {
    const { body: ticket } = await stack.portal.ticket('ticket-holder');
    const phone = await visitor.newPage();
    await phone.goto('/phone');
    await phone.getByLabel('Ticket', { exact: true }).fill('no ticket');
    await phone.getByRole('button', { name: 'Enrol with the ticket' }).click();
    await phone.getByText('This is not a ticket.').waitFor();
    await phone.getByLabel('Ticket', { exact: true }).fill(JSON.stringify(ticket));
    await phone.getByRole('button', { name: 'Enrol with the ticket' }).click();
    await phone.getByText('Nothing waits for ticket-holder.').waitFor();

    await phone.getByRole('button', { name: 'Add', exact: true }).click();
    await phone.getByLabel('Ticket', { exact: true }).fill(JSON.stringify(ticket));
    await phone.getByRole('button', { name: 'Enrol with the ticket' }).click();
    await phone.getByText('This ticket is not valid any more. Ask for a new one.').waitFor();
  });

  it('is several phones, each with its own requests, which a page that is loaded anew still has', async () => {
    const page = await enrolPhonePage(visitor, 'first');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByLabel('User').fill('second');
    await page.getByRole('button', { name: 'Enrol for the demo' }).click();
    await page.getByText('Nothing waits for second.').waitFor();
    const transactionId = await ask('first', 'push-signing');
    expect(await page.title()).toBe('Virtual phone · Countersign');
    await page.reload();
    await page.getByText('Nothing waits for second.').waitFor();

    await page.getByLabel('Phone', { exact: true }).selectOption({ label: "first's phone" });
    await page.waitForFunction(() => document.title === '(1) Virtual phone · Countersign');
    await openOnPhonePage(page, 'Is this first?');
    await page.getByText('EUR 10 to NL00').waitFor();
    await page.getByRole('button', { name: 'Yes, approve' }).click();
    await page.getByRole('heading', { name: 'Approved' }).waitFor();
    expect((await stack.portal.result(transactionId)).body).toMatchObject({
      ...{ status: 'approved', user_id: 'first', signature_verified: true },
    });
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('heading', { name: 'Answered' }).waitFor();
  });

  it('keeps keys for signatures that no script can take along, and signs with them after it was loaded anew', async () => {
    const page = await enrolPhonePage(visitor, 'keeper');
    await page.reload();
    const transactionId = await ask('keeper');
    await openOnPhonePage(page, 'Is this keeper?');
    await page.getByRole('button', { name: 'Yes, approve' }).click();
    await page.getByRole('heading', { name: 'Approved' }).waitFor();
    expect((await stack.portal.result(transactionId)).body).toMatchObject({ status: 'approved' });
    const exported = await page.evaluate(async () => {
      const results: string[] = [];
      for (const { name = '' } of await indexedDB.databases()) {
        const database = await new Promise<IDBDatabase>((resolve) => {
          const request = indexedDB.open(name);
          request.onsuccess = () => resolve(request.result);
        });
        const state = await new Promise<{ keys: { signingKey: { d?: string; handle: CryptoKey } } }>((resolve) => {
          const request = database.transaction('device').objectStore('device').get('state');
          request.onsuccess = () => resolve(request.result);
        });
        database.close();
        const { d, handle } = state.keys.signingKey;
        const wayOut = crypto.subtle.exportKey('jwk', handle).then(() => 'exported');
        results.push(d ?? (await wayOut.catch((error: Error) => error.name)));
      }
      return results;
    });
    expect(exported.length).toBeGreaterThan(0);
    expect(new Set(exported)).toEqual(new Set(['InvalidAccessError']));
  });

  it('is removed with its keys, here and on the server', async () => {
    const page = await enrolPhonePage(visitor, 'leaver');
    await page.getByRole('tab', { name: 'More' }).click();
    await page.getByRole('button', { name: 'Remove this phone' }).click();
    await page.getByRole('button', { name: 'Enrol for the demo' }).waitFor();
    const { enabled } = (await stack.portal.available('leaver')).body;
    const apps = enabled.flatMap((type: { apps_enrolled_for_push?: object[] }) => type.apps_enrolled_for_push ?? []);
    expect(apps).toEqual([]);
    const databases = await page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name));
    expect(databases).toEqual([]);
  });

  it('says that it is not enrolled any more where the server has ended it', async () => {
    const page = await enrolPhonePage(visitor, 'ended');
    await stack.database.knex('enrolments').where({ user_id: 'ended' }).update({ revoked_at: new Date() });
    await page.getByText('This phone is not enrolled any more.').waitFor();
  });

  it('reads a one-time code with its camera', async () => {
    const begun = await stack.portal.begin({ type: 'otp', callback_uri: stack.callbacks.url, message: 'Is this you?' });
    const folder = await mkdtemp(join(tmpdir(), 'countersign-camera-'));
    const film = join(folder, 'code.y4m');
    await writeFile(film, filmOfCode(begun.body.otp));
    const filming = await startBrowser(stack.apiUrl, film);
    try {
      const page = await enrolPhonePage(await filming.visit({ permissions: ['camera'] }), 'photographer');
      await page.getByRole('tab', { name: 'Scan' }).click();
      await page.getByRole('button', { name: 'Camera' }).click();
      await page.getByRole('heading', { name: 'Is this you?' }).waitFor();
      await page.getByRole('button', { name: 'Yes, approve' }).click();
      await page.getByRole('heading', { name: 'Approved' }).waitFor();
      expect((await stack.portal.result(begun.body.transaction_id)).body).toMatchObject({ user_id: 'photographer' });
      expect(filming.complaints()).toEqual([]);
    } finally {
      await filming.close();
      await rm(folder, { recursive: true });
    }
  });
});
