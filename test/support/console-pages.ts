import type { BrowserContext, Page } from 'playwright-core';
import { makeLocalAccount } from '../../api/console/make-local-account.ts';
import type { AdministrationScope } from '../../runtime/client-scopes.ts';

/** The operator of these tests. */
export const OPERATOR = { name: 'ada', password: 'an engine of 1843' } as const;

/** The environment of an api that lets the operator in with this scope. */
export function operatorAccount(scope: AdministrationScope): { readonly CONSOLE_LOCAL_ACCOUNT: string } {
  return { CONSOLE_LOCAL_ACCOUNT: makeLocalAccount(OPERATOR.name, scope, OPERATOR.password) };
}

/** Types name and password where the page asks for them. */
export async function logInOnConsolePage(
  page: Page,
  { name, password }: { name: string; password: string } = OPERATOR,
) {
  await page.getByLabel('Name').fill(name);
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.getByRole('button', { name: 'Log in', exact: true }).click();
}

/** A page of the console at an address, with the operator logged in; resolves when its title is there. */
export async function openConsolePage(visitor: BrowserContext, path: string, title: string): Promise<Page> {
  const page = await visitor.newPage();
  await page.goto(path);
  const heading = page.getByRole('heading', { level: 1, name: title, exact: true });
  await page.getByLabel('Name').or(heading).first().waitFor();
  if (!(await heading.isVisible())) await logInOnConsolePage(page);
  await heading.waitFor();
  return page;
}

/** Looks through the changes of the document that is shown. */
export async function reviewChanges(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Look through and save' }).click();
  await page.getByRole('heading', { name: 'Save these changes?' }).waitFor();
}

export async function saveChanges(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('Saved.').waitFor();
}
