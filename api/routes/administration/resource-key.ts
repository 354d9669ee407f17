import type { Request } from 'express';
import type { AdministeredResource } from '../../ports.ts';

/** Path of one document, with its parameters. */
export function documentPath({ name, identity }: AdministeredResource): string {
  return [`/${name}`, ...identity.map((field) => `:${field}`)].join('/');
}

/** The names in the path of a request for one document. */
export function keyOf({ identity }: AdministeredResource, request: Request): readonly string[] {
  return identity.map((field) => request.params[field] as string);
}
