import type { BrowserContext, Page } from 'playwright-core';
import { accessibilityProblems, overflows, startBrowser, type TestBrowser, takePicture } from '../support/browser.ts';
import { logInOnConsolePage, operatorAccount, reviewChanges } from '../support/console-pages.ts';
import { type Phone, type Stack, startStack } from '../support/stack.ts';

const TEMPLATE = 'mobileAuthentication.confirmation.template · en';
const SIZES = [
  { width: 360, height: 740, colorScheme: 'light' },
  { width: 360, height: 740, colorScheme: 'dark' },
  { width: 1440, height: 900, colorScheme: 'light' },
  { width: 1440, height: 900, colorScheme: 'dark' },
] as const;

/** Each screen of the console, in each size and colour: nothing beside the screen, nothing that axe-core finds wrong. */
describe('the console', () => {
  let stack: Stack;
  let browser: TestBrowser;
  let alice: Phone;
  let approved: string;

  beforeAll(async () => {
    stack = await startStack({
      withSms: true,
      env: { ...operatorAccount('onegini_api_admin'), TEMPORAL_UI_URL: 'https://temporal.example' },
    });
    browser = await startBrowser(stack.apiUrl);
    alice = await stack.enrolPhone('alice');
    await alice.client.setPin('27182');
    approved = await stack.begin(alice, { type: 'push-pin' });
    const challenge = await alice.client.fetchChallenge(approved);
    await alice.client.approve(challenge, { pin: '11111' });
    await alice.client.approve(challenge, { pin: '27182' });
    await stack.callbacks.waitFor(approved);
    await alice.client.deny(await alice.client.fetchChallenge(await stack.begin(alice)));
    await stack.portal.cancel(await stack.begin(alice));
    const now = stack.database.knex.fn.now();
    await stack.database.knex('callback_address_health').insert({
      ...{ address: 'https://shop.example/callback', last_failure: 'timeout', consecutive_failures: 9, trials: 1 },
      ...{ failing_since: now, quarantined_at: now, next_trial_at: now },
    });
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await stack?.stop();
  });
  afterEach(() => expect(browser.complaints()).toEqual([]));

  it.each(SIZES)(
    'is readable by everybody at $width px, $colorScheme',
    async ({ colorScheme, ...viewport }) => {
      const suffix = `${viewport.width}-${colorScheme}`;
      const visitor = await browser.visit({ viewport, colorScheme });
      const page = await visitor.newPage();
      const problems: string[] = [];
      const look = async (name: string): Promise<void> => {
        await takePicture(page, `console-${name}-${suffix}`);
        if (await overflows(page)) problems.push(`${name}: something lies beside the screen`);
        for (const problem of await accessibilityProblems(page)) problems.push(`${name}: ${problem}`);
      };
      await page.goto('/console/transactions');
      await page.getByLabel('Name').waitFor();
      await look('log-in');
      await logInOnConsolePage(page);
      await lookAtTransactions(page, look);
      await lookAtPeople(page, look);
      await lookAtConfiguration(page, visitor, look);
      expect(problems).toEqual([]);
      await visitor.close();
    },
    180_000,
  );

  async function goTo(page: Page, path: string, title: string): Promise<void> {
    await page.goto(path);
    await page.getByRole('heading', { level: 1, name: title, exact: true }).waitFor();
    await page.getByRole('status', { name: 'Loading' }).waitFor({ state: 'detached' });
  }

  async function lookAtTransactions(page: Page, look: (name: string) => Promise<void>): Promise<void> {
    await page
      .getByRole('row', { name: /approved/ })
      .first()
      .waitFor();
    await look('transactions');
    const burger = page.getByRole('button', { name: 'Navigation' });
    if (await burger.isVisible()) {
      await burger.click();
      await page.getByRole('link', { name: 'Configuration' }).waitFor();
      await look('navigation');
      await burger.click();
    }
    await page.getByRole('button', { name: 'More filters' }).click();
    await look('filters');
    await goTo(page, `/console/transactions/${approved}`, 'Transaction of alice');
    await page.getByText('The portal took the callback').waitFor();
    await look('transaction');
    await page.getByRole('button', { name: 'Show the receipt' }).click();
    await page.getByRole('link', { name: 'Save it' }).waitFor();
    await look('receipt');
    const pending = await stack.begin(alice);
    await goTo(page, `/console/transactions/${pending}`, 'Transaction of alice');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByLabel('Reason').fill('Begun by mistake');
    await look('cancel');
    await page.getByRole('button', { name: 'Back' }).click();
  }

  async function lookAtPeople(page: Page, look: (name: string) => Promise<void>): Promise<void> {
    await goTo(page, '/console/users', 'Users and devices');
    await look('users');
    await page.getByLabel('User id').fill('alice');
    await page.getByRole('button', { name: 'Find' }).click();
    await page.getByRole('button', { name: 'Revoke push' }).waitFor();
    await look('user');
    await page.getByRole('button', { name: 'Delete the device' }).click();
    await page.getByRole('dialog').waitFor();
    await look('delete-device');
    await page.getByRole('button', { name: 'Back' }).click();
    await goTo(page, '/console/health', 'Health');
    await page.getByRole('img', { name: /^Outcomes/ }).waitFor();
    await look('health');
    await page.getByRole('button', { name: 'Show Outcomes as a table' }).click();
    await page.getByRole('region', { name: 'Outcomes as a table' }).waitFor();
    await look('health-table');
    await goTo(page, '/console/events', 'Events');
    await page.getByRole('row').nth(5).waitFor();
    await look('events');
    await goTo(page, '/console/nothing', 'Nothing is here');
    await look('nothing');
  }

  async function lookAtConfiguration(
    page: Page,
    visitor: BrowserContext,
    look: (name: string) => Promise<void>,
  ): Promise<void> {
    await goTo(page, '/console/configuration', 'Configuration');
    await look('configuration');
    await goTo(page, '/console/configuration/authentication-types', 'Authentication types');
    await page.getByRole('link', { name: 'push', exact: true }).waitFor();
    await look('types');
    await goTo(page, '/console/configuration/authentication-types/document?name=push', 'push');
    await page.getByLabel('Max resends').fill('5');
    await look('type');
    await reviewChanges(page);
    await look('review');
    await page.getByRole('button', { name: 'Back' }).click();
    await page.getByLabel('Time to live (seconds)').fill('601');
    await reviewChanges(page);
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Too big').waitFor();
    await look('refused');
    await page.getByRole('button', { name: 'Undo all' }).click();
    for (const [name, path, title] of [
      ['client', 'api-clients/document?id=demo-portal', 'demo-portal'],
      ['push-configuration', 'push-configurations/document?name=demo-fcm', 'demo-fcm'],
      ['general', 'general-settings', 'General settings'],
      ['new-application', 'applications/new', 'New'],
      ['domain', 'onespan-domains/document?name=demo', 'demo'],
      ['translation', 'translations/document?key=mobileAuthentication.confirmation.template&locale=en', TEMPLATE],
      ['keys', 'keys', 'Keys'],
    ] as const) {
      await goTo(page, `/console/configuration/${path}`, title);
      await look(name);
    }
    await goTo(page, '/console/configuration/features', 'Features');
    await visitor.clearCookies();
    await page.getByLabel('Geolocation').click({ force: true });
    await reviewChanges(page);
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('dialog', { name: 'Your session has ended' }).waitFor();
    await look('session-ended');
  }
});
