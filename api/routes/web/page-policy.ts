/** The pages that exist, by the folder of `web/` that holds them. */
export type PageName = 'console' | 'demo' | 'phone';

/** Pages of the demonstration are served with it alone. */
export const DEMO_PAGES: readonly PageName[] = ['demo', 'phone'];
export const PAGES: readonly PageName[] = ['console'];

/** What a page needs beyond its own scripts, styles, pictures and calls. */
const EXTRA: Readonly<Record<PageName, Readonly<Record<string, string>>>> = {
  console: {},
  demo: {},
  // Argon2 is WebAssembly; a camera's picture and a chosen file are blobs.
  phone: { 'script-src': "'wasm-unsafe-eval'", 'img-src': 'blob:', 'media-src': 'blob:' },
};

/**
 * Content security policy of a page: nothing but this origin, no script or style that is written into the page, no frame
 * around it. `nonce` admits the styles that the component library adds while the page runs.
 */
export function policyOf(page: PageName, nonce: string): string {
  const policy: Record<string, string> = {
    'default-src': "'self'",
    'script-src': "'self'",
    'style-src': `'self' 'nonce-${nonce}'`,
    'img-src': "'self' data:",
    'base-uri': "'none'",
    'form-action': "'self'",
    'frame-ancestors': "'none'",
    'object-src': "'none'",
  };
  for (const [directive, sources] of Object.entries(EXTRA[page])) {
    policy[directive] = `${policy[directive] ?? "'self'"} ${sources}`;
  }
  return Object.entries(policy)
    .map(([directive, sources]) => `${directive} ${sources}`)
    .join('; ');
}
