import type { BrowserContext, Page } from 'playwright-core';
import { accessibilityProblems, overflows, startBrowser, type TestBrowser, takePicture } from '../support/browser.ts';
import {
  askOnBankPage,
  bankSays,
  bankShowsCode,
  enrolPhonePage,
  equipPhonePage,
  goOn,
  openOnPhonePage,
} from '../support/demo-pages.ts';
import { focusOn, pressOn } from '../support/keyboard.ts';
import { type Stack, startStack } from '../support/stack.ts';

const SCREENS = [
  { width: 360, height: 740, colorScheme: 'light' },
  { width: 360, height: 740, colorScheme: 'dark' },
  { width: 1440, height: 900, colorScheme: 'light' },
  { width: 1440, height: 900, colorScheme: 'dark' },
] as const;

/** Each screen of both pages, in each size and colour: nothing beside the screen, nothing that axe-core finds wrong. */
describe('the pages', () => {
  let stack: Stack;
  let browser: TestBrowser;

  beforeAll(async () => {
    stack = await startStack({ withSms: true, withDemoPortal: true });
    browser = await startBrowser(stack.apiUrl);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await stack?.stop();
  });
  afterEach(() => expect(browser.complaints()).toEqual([]));

  it.each(SCREENS)(
    'are readable by everybody at $width px, $colorScheme',
    async ({ colorScheme, ...viewport }) => {
      const suffix = `${viewport.width}-${colorScheme}`;
      const userId = `user-${suffix}`;
      const visitor = await browser.visit({ viewport, colorScheme });
      const problems: string[] = [];
      const look = async (page: Page, name: string): Promise<void> => {
        await page.bringToFront();
        await takePicture(page, `${name}-${suffix}`);
        if (await overflows(page)) problems.push(`${name}: something lies beside the screen`);
        for (const problem of await accessibilityProblems(page)) problems.push(`${name}: ${problem}`);
      };
      await lookAtEverything(visitor, userId, look);
      expect(problems).toEqual([]);
      await visitor.close();
    },
    180_000,
  );

  it('can be used by keyboard alone', async () => {
    const visitor = await browser.visit();
    const phone = await visitor.newPage();
    await phone.goto('/phone');
    await pressOn(phone, 'Enrol for the demo');
    await phone.getByText('Nothing waits for alice.').waitFor();
    const bank = await visitor.newPage();
    await bank.goto('/demo');
    await bank.getByRole('button', { name: 'Log in' }).waitFor();
    // The form's own key.
    await focusOn(bank, 'User');
    await bank.keyboard.press('Enter');
    await bank.getByText('On its way to the phone').waitFor();

    await phone.bringToFront();
    await phone.getByRole('button', { name: 'Open', exact: true }).waitFor();
    await pressOn(phone, 'Open');
    await phone.getByRole('heading', { name: /^Log in/ }).waitFor();
    await pressOn(phone, 'Yes, approve');
    await phone.getByRole('heading', { name: 'Approved' }).waitFor();
    await bank.bringToFront();
    await bankSays(bank, 'Approved');
    // Where the page has put the focus.
    await bank.keyboard.press('Enter');
    await bank.getByRole('heading', { name: 'Welcome, alice' }).waitFor();

    await focusOn(bank, 'Confirm on the phone');
    await bank.keyboard.press('ArrowDown');
    expect(await bank.getByRole('radio', { name: 'PIN', exact: true }).isChecked()).toBe(true);
    await bank.keyboard.press('ArrowUp');
    await pressOn(bank, 'Pay');
    await pressOn(bank, 'Use SMS instead');
    await bank.getByRole('dialog').waitFor();
    await bank.keyboard.press('Escape');
    await bank.getByRole('dialog').waitFor({ state: 'hidden' });
    await pressOn(bank, 'Cancel');
    await bankSays(bank, 'Cancelled');
    await visitor.close();
  });

  async function lookAtEverything(
    visitor: BrowserContext,
    userId: string,
    look: (page: Page, name: string) => Promise<void>,
  ): Promise<void> {
    const empty = await visitor.newPage();
    await empty.goto('/phone');
    await empty.getByRole('button', { name: 'Enrol for the demo' }).waitFor();
    await look(empty, 'phone-enrol');
    await empty.close();

    const phone = await enrolPhonePage(visitor, userId);
    await equipPhonePage(phone, '27182');
    const bank = await visitor.newPage();
    await bank.goto('/demo');
    await bank.getByLabel('User').fill(userId);
    await look(bank, 'bank-log-in');

    await askOnBankPage(bank, 'Confirm on the phone', 'Log in');
    await bank.getByText('On its way to the phone').waitFor();
    await look(bank, 'bank-waiting');
    await phone.getByRole('button', { name: 'Open', exact: true }).waitFor();
    await look(phone, 'phone-requests');
    await openOnPhonePage(phone, /^Log in/);
    await look(phone, 'phone-confirm');
    await phone.getByRole('button', { name: 'No, deny' }).click();
    await look(phone, 'phone-deny');
    await phone.getByRole('button', { name: 'Do not deny it' }).click();
    await phone.getByRole('button', { name: 'Yes, approve' }).click();
    await phone.getByRole('heading', { name: 'Approved' }).waitFor();
    await look(phone, 'phone-approved');
    await bank.getByText('The bank was told').waitFor();
    await bank.getByRole('button', { name: 'Show the receipt' }).click();
    await bank.getByRole('region', { name: 'Receipt' }).waitFor();
    await look(bank, 'bank-approved');
    await goOn(phone);
    await goOn(bank);
    await look(bank, 'bank-account');

    await askOnBankPage(bank, 'PIN', 'Pay');
    await openOnPhonePage(phone, /^Pay/);
    await phone.getByLabel('PIN', { exact: true }).fill('11223');
    await phone.getByRole('button', { name: 'Approve with PIN' }).click();
    await phone.getByText(/^Wrong PIN/).waitFor();
    await look(phone, 'phone-pin');
    await bank.getByRole('button', { name: 'Use SMS instead' }).click();
    await bank.getByLabel('Your number').waitFor();
    await look(bank, 'bank-use-sms');
    await bank.getByRole('button', { name: 'Send the SMS' }).click();
    await bank.getByLabel('Code from the SMS').waitFor();
    await look(bank, 'bank-sms');
    await bank.getByRole('button', { name: 'Cancel' }).click();
    await bankSays(bank, 'Cancelled');
    await look(bank, 'bank-cancelled');
    await goOn(bank);
    await phone.getByRole('button', { name: 'Back to all requests' }).click();

    await askOnBankPage(bank, 'Fingerprint', 'Pay');
    await openOnPhonePage(phone, /^Pay/);
    await phone.getByRole('button', { name: 'Approve with fingerprint' }).click();
    await phone.getByRole('dialog').waitFor();
    await look(phone, 'phone-fingerprint');
    await phone.getByRole('button', { name: 'The finger is recognised' }).click();
    await bankSays(bank, 'Approved');
    await goOn(phone);
    await goOn(bank);

    await askOnBankPage(bank, 'QR code', 'Pay');
    await bankShowsCode(bank);
    await look(bank, 'bank-qr-code');
    await bank.getByRole('button', { name: 'Cancel' }).click();
    await bankSays(bank, 'Cancelled');
    for (const [tab, name] of [
      ['Scan', 'phone-scan'],
      ['SMS', 'phone-sms'],
      ['More', 'phone-more'],
    ] as const) {
      await phone.getByRole('tab', { name: tab }).click();
      await phone.getByRole('tabpanel', { name: tab }).waitFor();
      await look(phone, name);
    }
  }
});
