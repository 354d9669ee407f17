/** Something that a list can be narrowed by. */
export interface Filter {
  /** Of the address and of the API alike. */
  readonly name: string;
  readonly label: string;
  /** A moment is epoch ms in the address. */
  readonly kind: 'text' | 'choice' | 'moment';
  readonly choices?: readonly string[];
  /** Shown where it is asked for, or in use. */
  readonly isRare?: boolean;
}

/** What the address says of these filters. */
export function filtersIn(search: string, filters: readonly Filter[]): Readonly<Record<string, string>> {
  const query = new URLSearchParams(search);
  const given = filters.map(({ name }) => [name, query.get(name) ?? ''] as const);
  return Object.fromEntries(given.filter(([, value]) => value !== ''));
}

/** Epoch ms as `datetime-local` wants it: the operator's own time. */
export function toLocalMoment(ms: string): string {
  if (!/^\d+$/.test(ms)) return '';
  const date = new Date(Number(ms));
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}

export function fromLocalMoment(text: string): string {
  const ms = new Date(text).getTime();
  return Number.isNaN(ms) ? '' : String(ms);
}
