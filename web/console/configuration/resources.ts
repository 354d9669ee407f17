import { useQuery } from '@tanstack/react-query';
import { callConsole } from '../call-console.ts';
import type { Action, Session } from '../session.ts';
import { type Field, fieldsOf, type JsonSchema } from './schema.ts';

/** A kind of document that operators set up. */
export interface Resource {
  readonly name: string;
  /** Fields that name a document; none where there is one only. */
  readonly identity: readonly string[];
  readonly fields: readonly Field[];
  /** A change names the state that it starts from. */
  readonly hasEntityTags: boolean;
  readonly canDelete: boolean;
}

interface Described {
  readonly content?: Readonly<Record<string, { readonly schema: JsonSchema }>>;
}
interface DescribedOperation {
  readonly requestBody?: Described;
  readonly responses: Readonly<Record<string, Described>>;
}
interface ApiDescription {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DescribedOperation>>>>;
}

const JSON_TYPE = 'application/json';
const PREFIX = '/admin/v1/';

/** Every kind of document that the server describes: whatever can be read and replaced under `/admin/v1`. */
export function useResources() {
  return useQuery({
    queryKey: ['resources'],
    queryFn: async ({ signal }) =>
      resourcesOf((await callConsole<ApiDescription>('GET', '/openapi.json', { signal })).body),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

function resourcesOf({ paths }: ApiDescription): readonly Resource[] {
  return Object.entries(paths).flatMap(([path, { get, put, patch, delete: remove }]) => {
    const read = get?.responses['200']?.content?.[JSON_TYPE]?.schema;
    const replaced = put?.requestBody?.content?.[JSON_TYPE]?.schema;
    if (!path.startsWith(PREFIX) || !read || !replaced) return [];
    const [name = '', ...places] = path.slice(PREFIX.length).split('/');
    const identity = places.map((place) => place.slice(1, -1));
    // A new document needs more than one that takes another's place.
    const created = paths[PREFIX + name]?.post?.requestBody?.content?.[JSON_TYPE]?.schema;
    const fields = fieldsOf(created ?? replaced, read, identity);
    return [{ name, identity, fields, hasEntityTags: patch !== undefined, canDelete: remove !== undefined }];
  });
}

/** What one needs to read it, or to change it. */
export function actionFor({ name }: Pick<Resource, 'name'>, kind: 'read' | 'write'): Action {
  return name === 'api-clients' ? `${kind}_clients` : `${kind}_configuration`;
}

export function mayRead({ actions }: Session, resource: Pick<Resource, 'name'>): boolean {
  return actions.includes(actionFor(resource, 'read'));
}
