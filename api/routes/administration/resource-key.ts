import type { Request } from 'express';
import { AppError } from '../../../runtime/errors.ts';
import { isStorable } from '../../../runtime/storable-text.ts';
import type { AdministeredResource } from '../../ports.ts';

/** Path of one document, with its parameters. */
export function documentPath({ name, identity }: AdministeredResource): string {
  return [`/${name}`, ...identity.map((field) => `:${field}`)].join('/');
}

/** The names in the path of a request for one document. */
export function keyOf({ identity }: Pick<AdministeredResource, 'identity'>, request: Request): readonly string[] {
  const key = identity.map((field) => String(request.params[field]));
  if (!key.every(isStorable)) throw new AppError('resource_unknown');
  return key;
}
