import { useLocation, useSearch } from 'wouter';
import { type Filter, filtersIn } from './filter.ts';

/** Filters that stand in the address, so that a view can be kept, sent, and gone back to. */
export function useFilters(filters: readonly Filter[]) {
  const search = useSearch();
  const [path, navigate] = useLocation();
  return {
    values: filtersIn(search, filters),
    /** Where in the list the page begins; empty at its beginning. */
    place: (name: string): string => new URLSearchParams(search).get(name) ?? '',
    apply: (values: Readonly<Record<string, string>>) => navigate(withQuery(path, values)),
    /** The address of another page of the same list. */
    pathWith: (more: Readonly<Record<string, string>>): string =>
      withQuery(path, { ...filtersIn(search, filters), ...more }),
  };
}

function withQuery(path: string, values: Readonly<Record<string, string>>): string {
  const query = new URLSearchParams(values).toString();
  return query === '' ? path : `${path}?${query}`;
}
