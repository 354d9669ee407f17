import type { Page } from 'playwright-core';

const MAX_TAB_STEPS = 60;

/** Moves the focus by the Tab key until it is on what has this name, and throws where it never gets there. */
export async function focusOn(page: Page, name: string): Promise<void> {
  for (let steps = 0; steps < MAX_TAB_STEPS; steps += 1) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => {
      const element = document.activeElement as HTMLInputElement | null;
      return [element?.textContent, element?.getAttribute('aria-label'), element?.labels?.[0]?.textContent];
    });
    if (focused.some((text) => text?.replace(/ \*$/, '').trim() === name)) return;
  }
  throw new Error(`the Tab key does not lead to ${name}`);
}

/** Goes there by the Tab key, and presses Enter. */
export async function pressOn(page: Page, name: string): Promise<void> {
  await focusOn(page, name);
  await page.keyboard.press('Enter');
}
