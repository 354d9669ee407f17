import { Badge } from '@mantine/core';
import css from '../console.module.css';
import { COLOUR_OF, type Status } from './transaction.ts';

/** How a transaction stands, in a word. */
export function StatusBadge({ status, size = 'md' }: { readonly status: Status; readonly size?: 'md' | 'lg' }) {
  return (
    <Badge variant="light" color={COLOUR_OF[status] ?? 'gray'} size={size} className={css.badge}>
      {status}
    </Badge>
  );
}
