import { readFileSync } from 'node:fs';
import type { BrowserContext, Page } from 'playwright-core';
import { startBrowser, type TestBrowser } from '../support/browser.ts';
import {
  askOnBankPage,
  bankSays,
  bankShowsCode,
  enrolPhonePage,
  equipPhonePage,
  goOn,
  openOnPhonePage,
} from '../support/demo-pages.ts';
import { type Stack, startStack } from '../support/stack.ts';

const PIN = '27182';
const NEW_PIN = '31415';

/** A visitor with the demo bank in one tab and a phone in another, everything behind them real but push and SMS. */
describe('the demo bank and the virtual phone', () => {
  let stack: Stack;
  let browser: TestBrowser;
  let visitor: BrowserContext;
  let phone: Page;
  let bank: Page;

  beforeAll(async () => {
    stack = await startStack({ withSms: true, withDemoPortal: true });
    browser = await startBrowser(stack.apiUrl);
    visitor = await browser.visit();
    phone = await enrolPhonePage(visitor, 'alice');
    await equipPhonePage(phone, PIN);
    bank = await visitor.newPage();
    await bank.goto('/demo');
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await stack?.stop();
  });
  afterEach(() => expect(browser.complaints()).toEqual([]));

  it('log in by a confirmation, with every stage and a receipt', async () => {
    await askOnBankPage(bank, 'Confirm on the phone', 'Log in');
    await bank.getByText('On its way to the phone').waitFor();
    await openOnPhonePage(phone, 'Log in to Canal Bank as alice?');
    await phone.getByText(/^Asked with: Linux.*Chrome/).waitFor();
    await bank.getByText('Opened on the phone').waitFor();
    await phone.getByRole('button', { name: 'Yes, approve' }).click();
    await phone.getByRole('heading', { name: 'Approved' }).waitFor();
    await bankSays(bank, 'Approved');
    await bank.getByText('The bank was told').waitFor();
    await bank.getByRole('button', { name: 'Show the receipt' }).click();
    expect(await bank.getByRole('region', { name: 'Receipt' }).textContent()).toContain('"approved"');
    const saving = bank.waitForEvent('download');
    await bank.getByRole('link', { name: 'Save it' }).click();
    expect(readFileSync(await (await saving).path(), 'utf8')).toMatch(/^ey[\w-]+\.[\w-]+\.[\w-]+$/);
    await goOn(phone);
    await goOn(bank);
    await bank.getByRole('heading', { name: 'Welcome, alice' }).waitFor();
  });

  it('change the PIN, which the old one proves', async () => {
    await phone.getByRole('tab', { name: 'More' }).click();
    await phone.getByLabel('PIN until now').fill(PIN);
    await phone.getByLabel('New PIN').fill(NEW_PIN);
    await phone.getByRole('button', { name: 'Change the PIN' }).click();
    await phone.getByText('The PIN is changed.').waitFor();
    await phone.getByRole('tab', { name: 'Requests' }).click();
  });

  it('pay by PIN, at the second try', async () => {
    await askOnBankPage(bank, 'PIN', 'Pay');
    await openOnPhonePage(phone, 'Pay €49.90 to Bicycle shop?');
    await phone.getByLabel('PIN', { exact: true }).fill('11223');
    await phone.getByRole('button', { name: 'Approve with PIN' }).click();
    await phone.getByText('Wrong PIN. 2 attempts are left.').waitFor();
    await bank.getByText('A wrong answer', { exact: true }).waitFor();
    for (const digit of NEW_PIN) await phone.getByRole('button', { name: digit, exact: true }).click();
    await phone.getByRole('button', { name: 'Approve with PIN' }).click();
    await bankSays(bank, 'Approved');
    await bank.getByText('€49.90 went to Bicycle shop.').waitFor();
    await bank.getByText('alice approved by push with pin.').waitFor();
    await goOn(phone);
    await goOn(bank);
  });

  it('pay by fingerprint, with the prompt that stands in for the platform’s', async () => {
    await askOnBankPage(bank, 'Fingerprint', 'Pay');
    await openOnPhonePage(phone, /^Pay/);
    await phone.getByRole('button', { name: 'Approve with fingerprint' }).click();
    await phone.getByRole('dialog').getByRole('button', { name: 'It is not' }).click();
    await phone.getByRole('button', { name: 'Approve with fingerprint' }).click();
    await phone.getByRole('dialog').getByRole('button', { name: 'The finger is recognised' }).click();
    await bank.getByText('alice approved by push with fingerprint.').waitFor();
    await goOn(phone);
    await goOn(bank);
  });

  it('pay by the number that the bank shows', async () => {
    await askOnBankPage(bank, 'Number', 'Pay');
    const number = (await bank.getByTestId('number').textContent()) as string;
    await openOnPhonePage(phone, /^Pay/);
    await phone.getByLabel('Number that the portal shows').fill(number);
    await phone.getByRole('button', { name: 'Approve with the number' }).click();
    await bank.getByText('alice approved by push with number.').waitFor();
    await goOn(phone);
    await goOn(bank);
  });

  it('pay by a QR code that the phone reads off the screen', async () => {
    await askOnBankPage(bank, 'QR code', 'Pay');
    const picture = await (await bankShowsCode(bank)).screenshot();
    await phone.getByRole('tab', { name: 'Scan' }).click();
    await phone.locator('input[type=file]').setInputFiles({ name: 'code.png', mimeType: 'image/png', buffer: picture });
    await phone.getByRole('heading', { name: /^Pay/ }).waitFor();
    await phone.getByRole('button', { name: 'Yes, approve' }).click();
    await bank.getByText('alice approved by otp.').waitFor();
    await goOn(phone);
    await goOn(bank);
  });

  it('pay by SMS: a wrong code, then the one that came', async () => {
    await askOnBankPage(bank, 'SMS', 'Pay');
    await phone.getByRole('tab', { name: 'SMS' }).click();
    const message = await phone
      .getByText(/^Canal Bank: \d{6} is your code/)
      .first()
      .textContent();
    const [code] = /\d{6}/.exec(message as string) as RegExpExecArray;
    await bank.getByLabel('Code from the SMS').fill(code === '000000' ? '000001' : '000000');
    await bank.getByRole('button', { name: 'Check the code' }).click();
    await bank.getByText('This code is wrong.').waitFor();
    await bank.getByText('A wrong answer', { exact: true }).waitFor();
    await bank.getByLabel('Code from the SMS').fill(code);
    await bank.getByRole('button', { name: 'Check the code' }).click();
    await bank.getByText('alice approved by sms.').waitFor();
    await goOn(bank);
    await phone.getByRole('tab', { name: 'Requests' }).click();
  });

  it('be denied, with the reason', async () => {
    await askOnBankPage(bank, 'Confirm on the phone', 'Pay');
    await openOnPhonePage(phone, /^Pay/);
    await phone.getByRole('button', { name: 'No, deny' }).click();
    await phone.getByRole('button', { name: 'It was not me' }).click();
    await bankSays(bank, 'Denied');
    await phone.getByRole('heading', { name: 'Denied' }).waitFor();
    await goOn(phone);
    await goOn(bank);
  });

  it('send a push again, go over to SMS, and cancel', async () => {
    await askOnBankPage(bank, 'Confirm on the phone', 'Pay');
    await bank.getByRole('button', { name: 'Send it again' }).click();
    await bank.getByText('It was sent again.').waitFor();
    await bank.getByRole('button', { name: 'Use SMS instead' }).click();
    await bank.getByRole('button', { name: 'Send the SMS' }).click();
    await bank.getByLabel('Code from the SMS').waitFor();
    // The push that it replaces is over.
    await phone.getByText('Nothing waits for alice.').waitFor();
    await bank.getByRole('button', { name: 'Cancel' }).click();
    await bankSays(bank, 'Cancelled');
    await goOn(bank);
  });

  it('tell a user without a phone that there is none', async () => {
    await bank.getByRole('button', { name: 'Log out' }).click();
    await bank.getByLabel('User').fill('nobody-here');
    await askOnBankPage(bank, 'Confirm on the phone', 'Log in');
    await bank.getByText(/^This user has no phone that can be asked this way/).waitFor();
  });
});
