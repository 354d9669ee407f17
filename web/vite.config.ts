import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vite';

const root = import.meta.dirname;

/** Every folder with an `index.html` is a page, served at the folder's name. */
const pages = readdirSync(root).filter(
  (name) => !name.startsWith('dist') && existsSync(join(root, name, 'index.html')),
);

export default defineConfig({
  root,
  base: '/',
  // Nobody but the reader of the terminal is told anything.
  envPrefix: 'COUNTERSIGN_PAGE_',
  // The api puts a fresh nonce in its place with each page it sends.
  html: { cspNonce: 'CSP_NONCE' },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    // As data: addresses they would need an exception in the content security policy.
    assetsInlineLimit: 0,
    // One chunk of components for all pages is larger than what Vite warns of.
    chunkSizeWarningLimit: 1_000,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // The component library marks every file for servers that render it, which ours does not.
      onLog(level, log, handle) {
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') handle(level, log);
      },
      input: Object.fromEntries(pages.map((name) => [name, join(root, name, 'index.html')])),
    },
  },
});
