import type { Step } from '../shell/screen.tsx';
import { titleOf } from './words.ts';

/** The way to a document of a kind, or to the kind itself. */
export function trailOf(resource?: string): readonly Step[] {
  return [
    { label: 'Configuration', href: '/configuration' },
    ...(resource === undefined ? [] : [{ label: titleOf(resource), href: `/configuration/${resource}` }]),
  ];
}
