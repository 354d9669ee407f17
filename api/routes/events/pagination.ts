/** Page numbers that are shown around the one that is read, and how many of them before it. */
const MAX_VISIBLE = 5;
const PAGES_BEFORE = 2;

/** The vendor's words on where in its results a page is. Pages are counted from 0, results from 1. */
export interface Pagination {
  readonly total_results: number;
  readonly offset: number;
  readonly page_size: number;
  readonly max_visible: number;
  readonly pages_before: number;
  /** First and last result of this page; 0 where it has none. */
  readonly range_start: number;
  readonly range_end: number;
  readonly first_page: boolean;
  readonly last_page: boolean;
  readonly number_of_pages: number;
  readonly previous_page: number | null;
  readonly next_page: number | null;
  /** Empty where there is one page only. */
  readonly visible_pages: readonly number[];
}

export function paginationOf(totalResults: number, page: number, pageSize: number): Pagination {
  const numberOfPages = Math.ceil(totalResults / pageSize);
  const offset = page * pageSize;
  const isPast = offset >= totalResults;
  const lastPage = Math.max(numberOfPages - 1, 0);
  return {
    total_results: totalResults,
    offset,
    page_size: pageSize,
    max_visible: MAX_VISIBLE,
    pages_before: PAGES_BEFORE,
    range_start: isPast ? 0 : offset + 1,
    range_end: isPast ? 0 : Math.min(offset + pageSize, totalResults),
    first_page: page === 0,
    last_page: page >= lastPage,
    number_of_pages: numberOfPages,
    previous_page: page === 0 ? null : Math.min(page - 1, lastPage),
    next_page: page < lastPage ? page + 1 : null,
    visible_pages: visiblePages(Math.min(page, lastPage), numberOfPages),
  };
}

function visiblePages(page: number, numberOfPages: number): readonly number[] {
  if (numberOfPages < 2) return [];
  const count = Math.min(MAX_VISIBLE, numberOfPages);
  const first = Math.max(0, Math.min(page - PAGES_BEFORE, numberOfPages - count));
  return Array.from({ length: count }, (_, index) => first + index);
}
