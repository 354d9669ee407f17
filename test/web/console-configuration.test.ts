import type { BrowserContext, Page } from 'playwright-core';
import { type Administrator, administratorOf } from '../support/administration.ts';
import { startBrowser, type TestBrowser } from '../support/browser.ts';
import { openConsolePage, operatorAccount, reviewChanges, saveChanges } from '../support/console-pages.ts';
import { createPortal } from '../support/portal.ts';
import { type Stack, startStack } from '../support/stack.ts';

const TYPE = '/console/configuration/authentication-types/document?name=push';

describe('the configuration in the console', () => {
  let stack: Stack;
  let browser: TestBrowser;
  let visitor: BrowserContext;
  let api: Administrator;

  beforeAll(async () => {
    stack = await startStack({ env: operatorAccount('onegini_api_admin') });
    browser = await startBrowser(stack.apiUrl);
    visitor = await browser.visit();
    api = administratorOf(stack);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await stack?.stop();
  });
  afterEach(() => expect(browser.complaints()).toEqual([]));

  const readType = async () => (await api.read('/authentication-types/push')).body;

  it('changes a type after showing what changes, field by field', async () => {
    const page = await openConsolePage(visitor, '/console/configuration', 'Configuration');
    await page.getByRole('link', { name: 'Authentication types' }).click();
    await page.getByRole('link', { name: 'push', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'push' }).waitFor();
    await page.getByLabel('Time to live (seconds)').fill('90');
    await page.getByLabel('New Default messages').fill('nl');
    await page.getByRole('button', { name: 'Add' }).first().click();
    await page.getByRole('textbox', { name: 'Default messages, nl' }).fill('Bent u dit?');
    await reviewChanges(page);
    expect(await changesOn(page)).toEqual([
      ['Time to live (seconds)', '120', '90'],
      ['Default messages, nl', '—', 'Bent u dit?'],
    ]);
    await saveChanges(page);
    expect(await readType()).toMatchObject({
      timeToLiveSeconds: 90,
      defaultMessages: { en: expect.any(String), nl: 'Bent u dit?' },
    });
    const events = await stack.database.knex('events').where({ name: 'ADMIN_AUTH_PROPERTIES_SET_UPDATED' });
    expect(events.at(-1)).toMatchObject({ agent_user: 'ada', client_id: null });
    await page.close();
  });

  it('keeps what two tabs change at the same time', async () => {
    const first = await openConsolePage(visitor, TYPE, 'push');
    const second = await openConsolePage(visitor, TYPE, 'push');
    await first.getByLabel('Max resends').fill('7');
    await reviewChanges(first);
    await saveChanges(first);
    await second.getByLabel('Time to live (seconds)').fill('45');
    await reviewChanges(second);
    await second.getByRole('button', { name: 'Save', exact: true }).click();
    await second.getByRole('heading', { name: 'Somebody else was first' }).waitFor();
    expect(await changesOn(second)).toEqual([
      ['Max resends', '2', '7'],
      ['Time to live (seconds)', '90', '45'],
    ]);
    await second.getByRole('button', { name: 'Apply mine on top' }).click();
    await second.getByRole('heading', { name: 'Save these changes?' }).waitFor();
    await saveChanges(second);
    expect(await readType()).toMatchObject({ maxResends: 7, timeToLiveSeconds: 45 });

    // Both want the same field: the one who comes later sees it, and may drop what they wanted.
    await first.getByLabel('Time to live (seconds)').fill('60');
    await reviewChanges(first);
    await first.getByRole('button', { name: 'Save', exact: true }).click();
    await first.getByRole('row', { name: /Time to live.*both/ }).waitFor();
    await first.getByRole('button', { name: 'Drop mine' }).click();
    expect(await first.getByLabel('Time to live (seconds)').inputValue()).toBe('45');
    expect(await readType()).toMatchObject({ timeToLiveSeconds: 45 });
    await first.close();
    await second.close();
  });

  it('shows a field that the server refuses beside the field', async () => {
    const page = await openConsolePage(visitor, TYPE, 'push');
    await page.getByLabel('Time to live (seconds)').fill('601');
    await reviewChanges(page);
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Too big: expected number to be <=600').waitFor();
    expect(await page.getByLabel('Time to live (seconds)').getAttribute('aria-invalid')).toBe('true');
    await page.getByRole('button', { name: 'Undo all' }).click();
    expect(await page.getByLabel('Time to live (seconds)').inputValue()).toBe('45');
    await page.close();
  });

  it('goes on where it was when the session ends, with all that was typed', async () => {
    const page = await openConsolePage(visitor, TYPE, 'push');
    await page.getByLabel('Time to live (seconds)').fill('77');
    await reviewChanges(page);
    await stack.database.knex('console_sessions').delete();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    const ended = page.getByRole('dialog', { name: 'Your session has ended' });
    await ended.waitFor();
    await ended.getByLabel('Name').fill('ada');
    await ended.getByRole('textbox', { name: 'Password' }).fill('an engine of 1843');
    await ended.getByRole('button', { name: 'Log in', exact: true }).click();
    await ended.waitFor({ state: 'hidden' });
    await saveChanges(page);
    expect(await readType()).toMatchObject({ timeToLiveSeconds: 77 });
    await page.close();
  });

  it('makes a client, whose secret it shows once, rotates it, and deletes the client', async () => {
    const page = await openConsolePage(visitor, '/console/configuration/api-clients', 'API clients');
    await page.getByRole('link', { name: 'New' }).click();
    await page.getByLabel('Id').fill('shop');
    await page.getByLabel('Name').fill('Shop');
    await page.getByLabel('countersign_operator').check();
    await page.getByRole('button', { name: 'Create' }).click();
    const first = await takeSecret(page);
    expect(await isGood(first)).toBe(true);
    await page.getByRole('heading', { level: 1, name: 'shop' }).waitFor();
    await page.getByText('Set. It is not shown.').waitFor();

    await page.getByRole('button', { name: 'Make another secret' }).click();
    const other = await takeSecret(page);
    expect([await isGood(first), await isGood(other)]).toEqual([true, true]);
    await page.getByRole('button', { name: 'End the one before now' }).click();
    await page.getByText('The secret before is good no more.').waitFor();
    expect([await isGood(first), await isGood(other)]).toEqual([false, true]);

    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page
      .getByRole('alert')
      .or(page.getByRole('heading', { level: 1, name: 'API clients' }))
      .waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(await isGood(other)).toBe(false);
    await page.close();
  });

  it('writes secrets without reading them, and has the provider try them', async () => {
    const page = await openConsolePage(visitor, '/console/configuration/push-configurations', 'Push configurations');
    await page.getByRole('link', { name: 'demo-fcm' }).click();
    await page.getByText('Set. It is not shown.').waitFor();
    await page.getByRole('button', { name: 'Test' }).click();
    await page.getByText(/^The provider accepts/).waitFor();
    await page.getByRole('button', { name: 'Type another one' }).click();
    await page.getByRole('textbox', { name: 'Settings' }).fill('{"serviceAccount": ');
    await page.getByText('This is no JSON.').waitFor();
    expect(await page.getByRole('button', { name: 'Look through and save' }).isDisabled()).toBe(true);
    await page.getByRole('textbox', { name: 'Settings' }).fill('{"serviceAccount": {}}');
    await reviewChanges(page);
    expect(await changesOn(page)).toEqual([['Settings', 'set', 'another one']]);
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('textbox', { name: 'Settings' }).and(page.locator('[aria-invalid=true]')).waitFor();
    await page.getByRole('button', { name: 'Undo all' }).click();
    await page.getByRole('button', { name: 'Test' }).click();
    await page.getByText(/^The provider accepts/).waitFor();
    await page.close();
  });

  it('makes a document that refers to others, and asks before one leaves what is not saved', async () => {
    const page = await openConsolePage(visitor, '/console/configuration/applications', 'Applications');
    await page.getByRole('link', { name: 'New' }).click();
    await page.getByRole('textbox', { name: 'Id', exact: true }).fill('bank app');
    await page.getByRole('textbox', { name: 'Name' }).fill('Bank');
    await page.getByRole('combobox', { name: 'Android push configuration' }).click();
    await page.getByRole('option', { name: 'demo-fcm' }).click();
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByText('must be letters, digits').waitFor();
    await page.getByRole('textbox', { name: 'Id', exact: true }).fill('bank-app');
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByRole('heading', { level: 1, name: 'bank-app' }).waitFor();
    expect((await api.read('/applications/bank-app')).body).toMatchObject({
      ...{ name: 'Bank', androidPushConfiguration: 'demo-fcm', pinMaxAttempts: 3 },
    });

    await page.getByRole('textbox', { name: 'Name' }).fill('Another bank');
    const asked: string[] = [];
    page.on('dialog', (dialog) => {
      asked.push(dialog.message());
      void (asked.length === 1 ? dialog.dismiss() : dialog.accept());
    });
    await page.getByRole('link', { name: 'Applications' }).click();
    expect(await page.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('Another bank');
    await page.getByRole('link', { name: 'Applications' }).click();
    await page.getByRole('heading', { level: 1, name: 'Applications' }).waitFor();
    expect(asked).toEqual(Array(2).fill('What you have changed here is not saved. Leave it?'));
    await page.close();
  });

  it('shows how a text reads before it is saved', async () => {
    const path = '/console/configuration/translations';
    const page = await openConsolePage(visitor, path, 'Translations');
    await page.getByRole('link', { name: 'mobileAuthentication.confirmation.template · nl' }).click();
    await page.getByRole('textbox', { name: 'Value' }).fill('[message]{ Vanuit [city].}');
    await page.getByRole('textbox', { name: 'Message' }).fill('Inloggen?');
    await page.getByRole('textbox', { name: 'City' }).fill('Leeuwarden');
    await page.getByRole('button', { name: 'Show it' }).click();
    await page.getByText('Inloggen? Vanuit Leeuwarden.').waitFor();
    await page.getByRole('button', { name: 'Undo all' }).click();
    await page.close();
  });

  it('keeps what others change where documents have no entity tag, too', async () => {
    const page = await openConsolePage(visitor, '/console/configuration/onespan-domains', 'OneSpan domains');
    await page.getByRole('link', { name: 'demo', exact: true }).click();
    await page.getByLabel('Timeout (seconds)').fill('50');
    const { version: _version, name: _name, ...domain } = (await api.read('/onespan-domains/demo')).body;
    const elsewhere = { ...domain, loginTitle: 'Log in here' };
    expect((await api.request('PUT', '/onespan-domains/demo', json(elsewhere))).status).toBe(200);
    await reviewChanges(page);
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('button', { name: 'Apply mine on top' }).click();
    await saveChanges(page);
    expect((await api.read('/onespan-domains/demo')).body).toMatchObject({
      ...{ timeoutSeconds: 50, loginTitle: 'Log in here' },
    });
    await page.getByRole('link', { name: 'OneSpan domains' }).click();
    await page.getByRole('link', { name: 'New' }).click();
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('demo');
    await page.getByRole('combobox', { name: 'Application id' }).fill('demo-app');
    await page.getByRole('combobox', { name: 'Type name' }).fill('push');
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByText('There is one of this name.').waitFor();
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('bank');
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByRole('heading', { level: 1, name: 'bank' }).waitFor();
    await page.close();
  });

  it('switches a feature, and rotates the key that signs receipts', async () => {
    const page = await openConsolePage(visitor, '/console/configuration/features', 'Features');
    await page.getByLabel('Geolocation').uncheck({ force: true });
    await reviewChanges(page);
    expect(await changesOn(page)).toEqual([['Geolocation', 'yes', 'no']]);
    await saveChanges(page);
    expect((await api.read('/features')).body).toMatchObject({ geolocation: false });
    await page.goto('/console/configuration/keys');
    await page.getByRole('row', { name: /Signs receipts.*in use/ }).waitFor();
    await page.getByRole('button', { name: 'Rotate the evidence key' }).click();
    await page.getByRole('button', { name: 'Rotate it' }).click();
    await page.getByRole('row', { name: /Signs receipts.*retired/ }).waitFor();
    await page.close();
  });

  const json = (body: object): RequestInit => ({
    ...{ body: JSON.stringify(body), headers: { 'content-type': 'application/json' } },
  });

  /** Rows of the tables of changes: field, before, after. */
  async function changesOn(page: Page): Promise<readonly (readonly string[])[]> {
    const rows = await page.getByRole('dialog').locator('tbody tr').all();
    return Promise.all(rows.map((row) => row.locator('th, td').allTextContents()));
  }

  async function takeSecret(page: Page): Promise<string> {
    const secret = (await page.getByTestId('secret').textContent()) as string;
    await page.getByRole('button', { name: 'I have it' }).click();
    return secret;
  }

  async function isGood(secret: string): Promise<boolean> {
    const { status } = await createPortal(stack.apiUrl, { id: 'shop', secret }).request('GET', '/admin/v1/keys');
    return status === 200;
  }
});
