import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

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

/** As the library's own, but darker where text is written in it or upon it. */
const red: MantineColorsTuple = [
  '#fff0f0',
  '#ffe3e3',
  '#ffc9c9',
  '#ffa8a8',
  '#ff8787',
  '#e03131',
  '#c92a2a',
  '#b92525',
  '#a51f1f',
  '#8f1a1a',
];

/** What all pages look like. Every font is the system's own: nothing is loaded from elsewhere. */
export const theme = createTheme({
  primaryColor: 'signet',
  primaryShade: { light: 7, dark: 7 },
  colors: { signet, red },
  defaultRadius: 'md',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  cursorType: 'pointer',
  respectReducedMotion: true,
});

/** The library's own are too pale on their backgrounds (WCAG AA asks for 4.5 to 1). */
export const cssVariables: CSSVariablesResolver = ({ colors }) => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': colors.gray[7],
    '--mantine-color-placeholder': colors.gray[6],
    '--mantine-color-error': colors.red[7],
  },
  dark: {
    '--mantine-color-dimmed': colors.dark[1],
    '--mantine-color-placeholder': colors.dark[2],
    '--mantine-color-error': colors.red[4],
  },
});
