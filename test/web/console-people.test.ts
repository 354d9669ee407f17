import { readFile } from 'node:fs/promises';
import type { BrowserContext } from 'playwright-core';
import { startBrowser, type TestBrowser } from '../support/browser.ts';
import { openConsolePage, operatorAccount } from '../support/console-pages.ts';
import { type Phone, type Stack, startStack } from '../support/stack.ts';

describe('events, health and roles in the console', () => {
  let stack: Stack;
  let browser: TestBrowser;
  let visitor: BrowserContext;
  let alice: Phone;

  beforeAll(async () => {
    stack = await startStack({ withPushLimits: true, env: operatorAccount('onegini_api_admin') });
    browser = await startBrowser(stack.apiUrl);
    visitor = await browser.visit();
    alice = await stack.enrolPhone('alice');
    await stack.enrolPhone('bob');
    const id = await stack.begin(alice);
    await alice.client.approve(await alice.client.fetchChallenge(id));
    await stack.callbacks.waitFor(id);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await stack?.stop();
  });
  afterEach(() => expect(browser.complaints()).toEqual([]));

  it('narrows events, leads to their transactions, and exports what is shown', async () => {
    const page = await openConsolePage(visitor, '/console/events', 'Events');
    await page.getByRole('row', { name: /bob/ }).first().waitFor();
    await page.getByLabel('User', { exact: true }).fill('alice');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByRole('row', { name: /bob/ }).first().waitFor({ state: 'detached' });
    const saving = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export these' }).click();
    const lines = (await readFile(await (await saving).path(), 'utf8')).trimEnd().split('\n');
    const events = lines.map((line) => JSON.parse(line) as { event_type: string; user_id: string });
    expect(events.map((event) => event.user_id)).toEqual(events.map(() => 'alice'));
    expect(events.map((event) => event.event_type)).toContain('MOBILE_AUTH_AUTHENTICATED');
    await page
      .getByRole('row', { name: /Mobile auth authenticated/ })
      .getByRole('link')
      .click();
    await page.getByRole('heading', { level: 1, name: 'Transaction of alice' }).waitFor();
    await page.close();
  });

  it('shows how things go, as charts and as tables, and releases an address for a reason', async () => {
    const address = `${new URL(stack.callbacks.url).origin}/ailing`;
    const now = stack.database.knex.fn.now();
    await stack.database.knex('callback_address_health').insert({
      ...{ address, last_failure: 'timeout', consecutive_failures: 9, trials: 1 },
      ...{ failing_since: now, quarantined_at: now, next_trial_at: now },
    });
    const page = await openConsolePage(visitor, '/console/health', 'Health');
    await page.getByRole('img', { name: /^Outcomes: 1 approved/ }).waitFor();
    await page.getByRole('button', { name: 'Show Outcomes as a table' }).click();
    const table = page.getByRole('region', { name: 'Outcomes as a table' });
    expect(await table.getByRole('columnheader').allTextContents()).toEqual([
      ...['When', 'approved', 'denied', 'failed', 'expired', 'cancelled'],
    ]);
    expect(await table.getByRole('cell', { name: '1', exact: true }).count()).toBe(1);
    await page.getByText('Last day').click();
    await page.waitForURL(/window=day/);
    await page.getByRole('button', { name: `Release ${address}` }).click();
    await page.getByLabel('Reason').fill('The portal says that it is well');
    await page.getByRole('dialog').getByRole('button', { name: 'Release' }).click();
    await page.getByRole('button', { name: `Release ${address}` }).waitFor({ state: 'detached' });
    expect(await stack.database.knex('callback_address_health').where({ address })).toEqual([]);
    await page.close();
  });

  it('shows a helpdesk users and their transactions, and no configuration', async () => {
    const before = await openConsolePage(visitor, '/console/configuration', 'Configuration');
    await stack.rollOut(operatorAccount('countersign_helpdesk'));
    await before.close();
    const page = await openConsolePage(visitor, '/console/users', 'Users and devices');
    const places = page.getByRole('navigation', { name: 'Console' }).getByRole('link');
    expect(await places.allTextContents()).toEqual(['Transactions', 'Users and devices', 'Events']);
    await page.goto('/console/configuration/features');
    await page.getByRole('heading', { level: 1, name: 'Nothing is here' }).waitFor();

    await page.goto('/console/transactions');
    await page.getByText('Name a user').waitFor();
    await page.getByLabel('User', { exact: true }).fill('alice');
    await page.getByRole('button', { name: 'Search' }).click();
    await page
      .getByRole('row', { name: /alice.*approved/ })
      .getByRole('link')
      .click();
    await page.getByText('The portal took the callback').waitFor();
    expect(await page.getByRole('button', { name: /^(Cancel|Send again|Call back again)$/ }).count()).toBe(0);
    await page.close();
  });

  it('lets a helpdesk unlock a user, and take push and device away', async () => {
    const unwanted = await stack.begin(alice);
    await alice.client.deny(await alice.client.fetchChallenge(unwanted), { reason: 'not_me' });
    const page = await openConsolePage(
      visitor,
      `/console/transactions/${unwanted}?userId=alice`,
      'Transaction of alice',
    );
    await page.getByRole('link', { name: 'The user' }).click();
    await page.getByRole('heading', { level: 1, name: 'alice' }).waitFor();
    await page.getByText('The user said that it was not them.').waitFor();
    await page.getByRole('button', { name: 'Unlock' }).click();
    await page.getByRole('button', { name: 'Unlock' }).waitFor({ state: 'detached' });
    await page.getByRole('row', { name: /Admin user unlocked.*ada/i }).waitFor();
    await page.getByRole('button', { name: 'Revoke push' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke push' }).click();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    expect(await hasPush()).toBe(false);
    await page.getByRole('button', { name: 'Take the user off' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Take the user off' }).click();
    await page.getByText('There is no device that this user is on.').waitFor();
    expect(await alice.client.enrolment()).toBeDefined();
    await expect(alice.client.pending()).rejects.toThrow();
    await page.close();

    async function hasPush(): Promise<boolean> {
      const { enabled } = (await stack.portal.available('alice')).body;
      return enabled.some((type: { apps_enrolled_for_push?: object[] }) => type.apps_enrolled_for_push?.length);
    }
  });
});
