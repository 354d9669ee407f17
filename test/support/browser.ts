import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { ensureBuiltPages } from './built-pages.ts';

const EXECUTABLE = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
/** Ours may be a slow machine that does much else. */
const PATIENCE_MS = 45_000;
const SCREENSHOTS = process.env.SCREENSHOT_FOLDER ?? join(tmpdir(), 'countersign-screenshots');

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export interface TestBrowser {
  /** A visitor with a profile of their own. */
  visit(options?: BrowserContextOptions): Promise<BrowserContext>;
  /** What pages complained of, and what they asked of other hosts, since the last time; none of it should be. */
  complaints(): readonly string[];
  close(): Promise<void>;
}

/** A real Chromium, and the pages built where they are not. `camera` is a film (Y4M) that its camera shows. */
export async function startBrowser(origin: string, camera?: string): Promise<TestBrowser> {
  await ensureBuiltPages();
  const isRoot = process.getuid?.() === 0;
  const browser: Browser = await chromium.launch({
    executablePath: EXECUTABLE,
    timeout: PATIENCE_MS,
    args: [...(isRoot ? ['--no-sandbox'] : []), ...(camera === undefined ? [] : cameraArguments(camera))],
  });
  let complaints: string[] = [];

  function watch(page: Page): void {
    page.on('console', (message) => {
      // Chromium reports each refusal of the server too, which is no fault of the page.
      if (message.type() === 'error' && !/^Failed to load resource/.test(message.text())) {
        complaints.push(`console: ${message.text()}`);
      }
    });
    page.on('pageerror', (error) => complaints.push(`error: ${error.stack ?? error.message}`));
    page.on('request', (request) => {
      const url = new URL(request.url());
      if (/^(https?|wss?):$/.test(url.protocol) && url.origin !== origin) complaints.push(`request: ${url.href}`);
    });
  }

  return {
    async visit(options) {
      const context = await browser.newContext({ baseURL: origin, reducedMotion: 'reduce', ...options });
      context.setDefaultTimeout(PATIENCE_MS);
      context.on('page', watch);
      return context;
    },
    complaints() {
      const said = complaints;
      complaints = [];
      return said;
    },
    close: () => browser.close(),
  };
}

function cameraArguments(film: string): string[] {
  return [
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
    `--use-file-for-fake-video-capture=${film}`,
  ];
}

/** What axe-core finds wrong with a page as it stands, in words. */
export async function accessibilityProblems(page: Page): Promise<readonly string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    // biome-ignore lint/suspicious/noExplicitAny: put there by the line before
    const { violations } = await (globalThis as any).axe.run(document, { resultTypes: ['violations'] });
    return violations.flatMap(({ id, nodes }: { id: string; nodes: { html: string; failureSummary: string }[] }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary}`),
    );
  });
}

/** Takes a picture of the whole page for people to look at (`SCREENSHOT_FOLDER`). */
export async function takePicture(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true });
}

/** True where something of the page lies beside the screen. */
export async function overflows(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
}
