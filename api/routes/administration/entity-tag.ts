import type { Request } from 'express';
import { AppError } from '../../../runtime/errors.ts';
import type { ExpectedRevision } from '../../ports.ts';

/** The entity tag (RFC 9110, 8.8.3) of one state of a resource; strong. */
export function entityTagOf(revision: string): string {
  return `"${revision}"`;
}

/** The states that `If-Match` accepts (RFC 9110, 13.1.1); 428 without one. Weak tags match nothing. */
export function expectedRevisionOf(request: Request): ExpectedRevision {
  const header = request.get('if-match');
  if (header === undefined) throw new AppError('precondition_required');
  if (header.trim() === '*') return 'any';
  return header.split(',').flatMap((tag) => {
    const revision = /^\s*"(\d{1,20})"\s*$/.exec(tag)?.[1];
    return revision === undefined ? [] : [revision];
  });
}
