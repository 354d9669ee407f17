import type { BrowserContext, Page } from 'playwright-core';
import { startBrowser, type TestBrowser } from '../support/browser.ts';
import { logInOnConsolePage, OPERATOR, openConsolePage, operatorAccount } from '../support/console-pages.ts';
import { pressOn } from '../support/keyboard.ts';
import { type Phone, type Stack, startStack } from '../support/stack.ts';

const TEMPORAL_UI = 'https://temporal.example';
const PAGE_SIZE = 50;

describe('transactions in the console', () => {
  let stack: Stack;
  let browser: TestBrowser;
  let visitor: BrowserContext;
  let alice: Phone;

  beforeAll(async () => {
    stack = await startStack({ env: { ...operatorAccount('countersign_operator'), TEMPORAL_UI_URL: TEMPORAL_UI } });
    browser = await startBrowser(stack.apiUrl);
    visitor = await browser.visit();
    alice = await stack.enrolPhone('alice');
    await alice.client.setPin('27182');
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await stack?.stop();
  });
  afterEach(() => expect(browser.complaints()).toEqual([]));

  it('are shown to whoever logs in, where they wanted to be, and to nobody who logs out', async () => {
    const page = await visitor.newPage();
    await page.goto('/console/transactions?status=pending');
    await logInOnConsolePage(page, { name: OPERATOR.name, password: 'not the engine' });
    await page.getByText('Name or password is wrong.').waitFor();
    await logInOnConsolePage(page);
    await page.getByRole('heading', { level: 1, name: 'Transactions' }).waitFor();
    expect(new URL(page.url()).search).toBe('?status=pending');
    await page.getByText(OPERATOR.name, { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByLabel('Name').waitFor();
    await page.close();
  });

  it('tell the story of one that a portal began and a phone approved at the second try', async () => {
    const id = await stack.begin(alice, { type: 'push-pin' });
    const challenge = await alice.client.fetchChallenge(id);
    await alice.client.approve(challenge, { pin: '11111' });
    expect(await alice.client.approve(challenge, { pin: '27182' })).toEqual({ status: 'approved' });
    await stack.callbacks.waitFor(id);

    const page = await openConsolePage(visitor, '/console/transactions', 'Transactions');
    await page.getByLabel('User', { exact: true }).fill('alice');
    await page.getByLabel('Status').selectOption('approved');
    await page.getByRole('button', { name: 'Search' }).click();
    await page
      .getByRole('row', { name: /alice.*approved/ })
      .getByRole('link')
      .click();
    await page.getByRole('heading', { level: 1, name: 'Transaction of alice' }).waitFor();
    await page.getByText('The portal took the callback').waitFor();
    expect(await storyOn(page)).toEqual([
      'Begun by push',
      'The provider took the push',
      'The phone fetched the challenge',
      expect.stringMatching(/refused|wrong/i),
      'Approved',
      'The portal took the callback',
    ]);
    await page.getByText('the portal took it').waitFor();
    expect(await page.getByRole('link', { name: 'Its workflow in Temporal' }).getAttribute('href')).toBe(
      `${TEMPORAL_UI}/namespaces/default/workflows/transaction:${id}`,
    );
    await page.getByRole('button', { name: 'Show the receipt' }).click();
    await page.getByText(`"${id}"`).waitFor();

    await page.getByRole('button', { name: 'Call back again' }).click();
    await page.getByLabel('Reason').fill('The portal lost it');
    await page.getByRole('dialog').getByRole('button', { name: 'Call back again' }).click();
    await stack.callbacks.waitFor(id, 2);
    await page.getByText('The portal lost it').waitFor();
    await page.close();
  });

  it('are sent again as often as their type allows, and cancelled, each with a reason', async () => {
    const id = await stack.begin(alice);
    const page = await openConsolePage(visitor, `/console/transactions/${id}`, 'Transaction of alice');
    for (const resend of [1, 2]) {
      await act(page, 'Send again', 'The user asks for it');
      await page.getByText(`${resend} of 2`).waitFor();
    }
    await page.getByRole('button', { name: 'Send again' }).click();
    await page.getByLabel('Reason').fill('Once more');
    await page.getByRole('dialog').getByRole('button', { name: 'Send again' }).click();
    await page.getByRole('dialog').getByRole('alert').waitFor();
    await page.getByRole('button', { name: 'Back' }).click();

    await act(page, 'Cancel', 'Begun by mistake');
    await page.getByText('cancelled', { exact: true }).waitFor();
    await page.getByText('Begun by mistake').waitFor();
    expect((await stack.portal.result(id)).body).toMatchObject({ status: 'cancelled' });
    expect(await page.getByRole('button', { name: 'Cancel' }).count()).toBe(0);
    await page.close();
  });

  it('can be found and cancelled by keyboard alone, from the log-in on', async () => {
    const id = await stack.begin(alice);
    const keyboard = await browser.visit();
    const page = await keyboard.newPage();
    await page.goto('/console');
    await page.getByLabel('Name').waitFor();
    // Where the page has put the focus.
    await page.keyboard.type(OPERATOR.name);
    await page.keyboard.press('Tab');
    await page.keyboard.type(OPERATOR.password);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Transactions' }).waitFor();
    await pressOn(
      page,
      (await page
        .getByRole('row', { name: /pending/ })
        .getByRole('link')
        .textContent()) as string,
    );
    await page.getByRole('heading', { level: 1, name: 'Transaction of alice' }).waitFor();
    await pressOn(page, 'Cancel');
    await page.getByRole('dialog', { name: 'Cancel' }).waitFor();
    await page.keyboard.type('By keyboard');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.getByText('By keyboard').waitFor();
    expect((await stack.portal.result(id)).body).toMatchObject({ status: 'cancelled' });
    await keyboard.close();
  });

  it('come by pages that have addresses', async () => {
    const bob = await stack.enrolPhone('bob');
    const ids: string[] = [];
    while (ids.length <= PAGE_SIZE)
      ids.push(...(await Promise.all(Array.from({ length: 10 }, () => stack.begin(bob)))));
    const page = await openConsolePage(visitor, '/console/transactions?userId=bob', 'Transactions');
    await page
      .getByRole('row', { name: /bob/ })
      .nth(PAGE_SIZE - 1)
      .waitFor();
    await page.getByRole('link', { name: 'Older' }).click();
    await page.getByRole('link', { name: 'Newest' }).waitFor();
    await page
      .getByRole('row', { name: /bob/ })
      .nth(ids.length - PAGE_SIZE - 1)
      .waitFor();
    await page.reload();
    await page
      .getByRole('row', { name: /bob/ })
      .nth(ids.length - PAGE_SIZE - 1)
      .waitFor();
    expect(await page.getByRole('row', { name: /bob/ }).count()).toBe(ids.length - PAGE_SIZE);
    await page.goBack();
    await page
      .getByRole('row', { name: /bob/ })
      .nth(PAGE_SIZE - 1)
      .waitFor();
    await page.close();
  });

  async function act(page: Page, label: string, reason: string): Promise<void> {
    await page.getByRole('button', { name: label, exact: true }).click();
    await page.getByLabel('Reason').fill(reason);
    const dialog = page.getByRole('dialog', { name: label });
    await dialog.getByRole('button', { name: label }).click();
    await dialog.waitFor({ state: 'hidden' });
  }

  async function storyOn(page: Page): Promise<readonly string[]> {
    return page.getByTestId('moment').allTextContents();
  }
});
