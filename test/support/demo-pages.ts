import type { BrowserContext, Locator, Page } from 'playwright-core';

/** Opens the virtual phone and enrols it for a user, as a visitor does. */
export async function enrolPhonePage(context: BrowserContext, userId: string): Promise<Page> {
  const phone = await context.newPage();
  await phone.goto('/phone');
  await phone.getByLabel('User').fill(userId);
  await phone.getByRole('button', { name: 'Enrol for the demo' }).click();
  await phone.getByText(`Nothing waits for ${userId}.`).waitFor();
  return phone;
}

/** Sets PIN and fingerprint up. */
export async function equipPhonePage(phone: Page, pin: string): Promise<void> {
  await phone.getByRole('tab', { name: 'More' }).click();
  await phone.getByLabel('Choose a PIN').fill(pin);
  await phone.getByRole('button', { name: 'Set the PIN' }).click();
  await phone.getByText('The PIN is set.').waitFor();
  await phone.getByRole('button', { name: 'Set up the fingerprint' }).click();
  await phone.getByText('A fingerprint approves on this phone.').waitFor();
  await phone.getByRole('tab', { name: 'Requests' }).click();
}

/** Asks for a log-in, or for a payment where somebody is logged in. */
export async function askOnBankPage(bank: Page, method: string, action: 'Log in' | 'Pay'): Promise<void> {
  await bank.getByRole('radio', { name: method, exact: true }).check();
  await bank.getByRole('button', { name: action, exact: true }).click();
}

/** Opens what waits on the phone and resolves when it is shown. */
export async function openOnPhonePage(phone: Page, text: string | RegExp): Promise<void> {
  await phone.getByRole('button', { name: 'Open', exact: true }).first().click();
  await phone.getByRole('heading', { name: text }).waitFor();
}

/** Resolves when the code stands on the page: its picture comes after the page. */
export async function bankShowsCode(bank: Page): Promise<Locator> {
  const picture = bank.getByRole('img', { name: 'QR code for your phone' });
  await picture.waitFor();
  await bank.waitForFunction(() => [...document.images].every((image) => image.complete && image.naturalWidth > 0));
  return picture;
}

/** Resolves when the bank says so. */
export async function bankSays(bank: Page, title: string): Promise<void> {
  await bank.getByRole('heading', { name: title, exact: true }).waitFor();
}

/** Leaves an outcome. */
export async function goOn(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^(Go on|Done)$/ }).click();
}
