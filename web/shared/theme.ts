import { createTheme, type MantineColorsTuple } from '@mantine/core';

/** Dark enough from the seventh shade on for white text (WCAG AA). */
const signet: MantineColorsTuple = [
  '#e8f7f3',
  '#d3ece5',
  '#a6d9ca',
  '#75c5ae',
  '#4eb596',
  '#34ab87',
  '#177e6b',
  '#0b6e5f',
  '#045a4e',
  '#00473d',
];

/** What all pages look like. Every font is the system's own: nothing is loaded from elsewhere. */
export const theme = createTheme({
  primaryColor: 'signet',
  primaryShade: { light: 7, dark: 7 },
  colors: { signet },
  defaultRadius: 'md',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  cursorType: 'pointer',
  respectReducedMotion: true,
});
