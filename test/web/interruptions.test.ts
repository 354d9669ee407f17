import type { BrowserContext, Page } from 'playwright-core';
import { startBrowser, type TestBrowser } from '../support/browser.ts';
import { askOnBankPage, bankSays, enrolPhonePage, goOn, openOnPhonePage } from '../support/demo-pages.ts';
import { openEventStream } from '../support/event-stream.ts';
import { type Stack, startStack } from '../support/stack.ts';

const MAX_STREAMS = 2;

describe('the pages, when something comes between', () => {
  let stack: Stack;
  let browser: TestBrowser;
  let visitor: BrowserContext;
  let phone: Page;
  let bank: Page;

  beforeAll(async () => {
    const env = { API_MAX_EVENT_STREAMS: String(MAX_STREAMS) };
    stack = await startStack({ withSms: true, withDemoPortal: true, env });
    browser = await startBrowser(stack.apiUrl);
    visitor = await browser.visit();
    phone = await enrolPhonePage(visitor, 'alice');
    bank = await visitor.newPage();
    await bank.goto('/demo');
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await stack?.stop();
  });
  afterEach(() => expect(browser.complaints()).toEqual([]));

  it('keep an answer that was given while the worker was dead, and go on with the next worker', async () => {
    await askOnBankPage(bank, 'Confirm on the phone', 'Log in');
    await openOnPhonePage(phone, /^Log in/);
    await stack.worker.kill();
    await phone.getByRole('button', { name: 'Yes, approve' }).click();
    await phone.getByRole('heading', { name: 'Your answer is safe' }).waitFor();
    await stack.startWorker();
    await bankSays(bank, 'Approved');
    await goOn(phone);
    await goOn(bank);
  });

  it('show the same question in a page that is loaded anew and in a second tab, and its end in both', async () => {
    await askOnBankPage(bank, 'Confirm on the phone', 'Pay');
    await bank.getByText('On its way to the phone').waitFor();
    await bank.reload();
    await bank.getByText('On its way to the phone').waitFor();
    const second = await visitor.newPage();
    await second.goto('/demo');
    await second.getByText('On its way to the phone').waitFor();

    const otherTab = await visitor.newPage();
    await otherTab.goto('/phone');
    await openOnPhonePage(otherTab, /^Pay/);
    await openOnPhonePage(phone, /^Pay/);
    await phone.getByRole('button', { name: 'Yes, approve' }).click();
    await phone.getByRole('heading', { name: 'Approved' }).waitFor();
    // The first answer stands, whatever the other tab says.
    await otherTab.getByRole('button', { name: 'No, deny' }).click();
    await otherTab.getByRole('button', { name: 'It was not me' }).click();
    await otherTab.getByRole('alert').waitFor();
    for (const tab of [bank, second]) await bankSays(tab, 'Approved');
    await otherTab.close();
    await second.close();
    await goOn(phone);
    await goOn(bank);
  });

  it('ask for the result where no stream is to be had', async () => {
    const { id, token } = await begin();
    const address = `${stack.apiUrl}/oauth/api/v4/authenticate/transaction/${id}/events?events_token=${token}`;
    const streams = await Promise.all(Array.from({ length: MAX_STREAMS }, () => openUntilTaken(address)));
    await askOnBankPage(bank, 'Confirm on the phone', 'Pay');
    await bank.getByText('News come every two seconds.').waitFor();
    await openOnPhonePage(phone, /^Pay/);
    await phone.getByRole('button', { name: 'Yes, approve' }).click();
    await bankSays(bank, 'Approved');
    for (const stream of streams) stream.close();
    await goOn(phone);
    await goOn(bank);
  });

  it('go on asking where the stream has ended and the result is still to come', async () => {
    await askOnBankPage(bank, 'Confirm on the phone', 'Pay');
    await bank.route('**/demo/api/asked/*', (route) => route.fulfill({ json: { status: 'pending' } }));
    await openOnPhonePage(phone, /^Pay/);
    await phone.getByRole('button', { name: 'Yes, approve' }).click();
    await bank.getByText('News come every two seconds.').waitFor();
    await bank.unroute('**/demo/api/asked/*');
    await bankSays(bank, 'Approved');
    await goOn(phone);
    await goOn(bank);
  });

  it('say so where a reply breaks off', async () => {
    const cut = await visitor.newPage();
    await cut.route('**/demo/api/session', (route) =>
      route.fulfill({ contentType: 'application/json', body: '{"userId":"al' }),
    );
    await cut.goto('/demo');
    await cut.getByText('The bank can not be reached. Try again in a moment.').waitFor();
    await cut.close();
  });

  async function begin(): Promise<{ id: string; token: string }> {
    const other = await stack.enrolPhone('bob');
    const { body } = await stack.portal.begin({
      ...{ type: 'push', user_id: 'bob', device_id: other.deviceId, message: 'Log in?' },
      ...{ callback_uri: stack.callbacks.url, events: 'true' },
    });
    return { id: body.transaction_id, token: body.events_token };
  }

  /** A place that a page has left comes free when the server has noticed. */
  async function openUntilTaken(address: string) {
    for (;;) {
      const stream = await openEventStream(address);
      if (stream.status === 200) return stream;
      expect(stream.status).toBe(503);
    }
  }
});
