import '@mantine/core/styles.css';
import { MantineProvider } from '@mantine/core';
import { type ReactNode, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Fault } from './fault.tsx';
import { cssVariables, theme } from './theme.ts';

/** The nonce that the api put into this page for the styles that components add while it runs. */
function nonceOfPage(): string {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
}

/** Shows a page, in the colours that the system asks for. */
export function mount(page: ReactNode): void {
  const root = document.getElementById('root');
  if (!root) throw new Error('the page has no element with the id root');
  const nonce = nonceOfPage();
  // Where the component library's scroll lock looks for it.
  Object.assign(globalThis, { __webpack_nonce__: nonce });
  createRoot(root).render(
    <StrictMode>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariables}
        defaultColorScheme="auto"
        getStyleNonce={() => nonce}
      >
        <Fault>{page}</Fault>
      </MantineProvider>
    </StrictMode>,
  );
}
