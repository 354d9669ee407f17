import type { Document } from './changes.ts';
import type { Resource } from './resources.ts';

/** Where a document is shown. Names stand in the query: they may hold anything. */
export function pathOf({ name, identity }: Pick<Resource, 'name' | 'identity'>, document: Document): string {
  const names = new URLSearchParams(identity.map((field) => [field, String(document[field])]));
  return `/configuration/${name}/document?${names}`;
}
