import type { BrowserContext } from 'playwright-core';
import { startBrowser, type TestBrowser } from '../support/browser.ts';
import { reviewChanges, saveChanges } from '../support/console-pages.ts';
import { type IdentityProvider, startIdentityProvider } from '../support/identity-provider.ts';
import { type Stack, startStack } from '../support/stack.ts';

const TYPE = '/console/configuration/authentication-types/document?name=push';
const BUTTON = 'Log in with your organisation';

describe('the console of an organisation with an identity provider', () => {
  let stack: Stack;
  let provider: IdentityProvider;
  let browser: TestBrowser;
  let visitor: BrowserContext;

  beforeAll(async () => {
    stack = await startStack();
    provider = await startIdentityProvider({
      redirectUri: `${stack.apiUrl}/console/login/callback`,
      claims: { grace: { preferred_username: 'grace', roles: ['onegini_api_admin'] } },
    });
    provider.person = 'grace';
    await stack.rollOut({
      CONSOLE_OIDC_ISSUER: provider.issuer,
      CONSOLE_OIDC_CLIENT_ID: provider.clientId,
      CONSOLE_OIDC_CLIENT_SECRET: provider.clientSecret,
    });
    browser = await startBrowser(stack.apiUrl);
    visitor = await browser.visit();
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await stack?.stop();
    await provider?.stop();
  });
  // The browser goes to the provider and comes back; no page of ours asks it for anything.
  afterEach(() => expect(browser.complaints().filter((one) => !one.includes(provider.issuer))).toEqual([]));

  it('leads to the provider, and back to where one wanted to be', async () => {
    const page = await visitor.newPage();
    await page.goto('/console/transactions?status=pending');
    await page.getByRole('link', { name: BUTTON }).click();
    await page.getByRole('heading', { level: 1, name: 'Transactions' }).waitFor();
    expect(page.url()).toBe(`${stack.apiUrl}/console/transactions?status=pending`);
    await page.getByText('grace', { exact: true }).waitFor();
    await page.close();
  });

  it('keeps what was typed while one logs in again in another tab', async () => {
    const page = await visitor.newPage();
    await page.goto(TYPE);
    await page.getByLabel('Time to live (seconds)').fill('75');
    await stack.database.knex('console_sessions').delete();
    await reviewChanges(page);
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    const ended = page.getByRole('dialog', { name: 'Your session has ended' });
    const opening = visitor.waitForEvent('page');
    await ended.getByRole('link', { name: BUTTON }).click();
    const tab = await opening;
    await tab.getByRole('heading', { level: 1, name: 'You are logged in' }).waitFor();
    await ended.waitFor({ state: 'hidden' });
    await tab.close();
    await saveChanges(page);
    await page.reload();
    expect(await page.getByLabel('Time to live (seconds)').inputValue()).toBe('75');
    await page.close();
  });
});
