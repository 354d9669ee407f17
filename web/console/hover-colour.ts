/** Of a row below the pointer. The library's own is too near to links in the dark (WCAG AA asks for 4.5 to 1). */
export const HOVER_COLOUR = 'light-dark(var(--mantine-color-gray-0), var(--mantine-color-dark-6))';
