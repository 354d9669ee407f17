import { z } from 'zod';
import type { AdministeredResource } from '../ports.ts';
import { pageQuery } from '../routes/administration/list-resource.ts';
import { EXAMPLE } from './example-values.ts';
import type { Operation, Reply, RequestBody } from './operation.ts';
import { emptyReply, jsonReply } from './replies.ts';

const REVISION = '"1042"';
const IF_MATCH = {
  'if-match': { description: 'Entity tag of the state to be changed, or *.', isRequired: true, example: REVISION },
};
const ERRORS_OF_CHANGES = ['resource_unknown', 'precondition_failed', 'precondition_required'] as const;

/** Everything that can be done with one kind of configuration. */
export function resourceOperations(resource: AdministeredResource): readonly Operation[] {
  const { name, identity, schema } = resource;
  const address = `/admin/v1/${name}`;
  const path = [address, ...identity.map((field) => `{${field}}`)].join('/');
  const shown = shownSchemaOf(resource);
  const example = shownExampleOf(resource);
  const document = jsonReply(200, 'The document, with its entity tag.', shown, example);
  const parameters = Object.fromEntries(
    identity.map((field) => [
      field,
      { description: `The ${field} of the document.`, example: String(resource.example[field]) },
    ]),
  );
  const as = { credential: 'operator' } as const;
  const named = { ...as, parameters } as const;
  const changed = (method: 'put' | 'patch', summary: string, request: RequestBody): Operation => ({
    ...{ ...named, method, path, summary, headers: IF_MATCH, request, replies: [document] },
    errors: ERRORS_OF_CHANGES,
  });
  const one: readonly Operation[] = [
    { ...named, method: 'get', path, summary: `Reads ${name}`, replies: [document], errors: ['resource_unknown'] },
    changed('put', `Replaces ${name}; secrets that are left out stay`, {
      mediaType: 'application/json',
      schema: withOptional(schema, [...identity, ...resource.secretFields]),
      examples: { document: resource.example },
    }),
    changed('patch', `Changes ${name} by a merge patch`, {
      mediaType: 'application/merge-patch+json',
      schema: patchSchemaOf(schema),
      examples: { patch: patchExampleOf(resource) },
    }),
  ];
  if (identity.length === 0) return one;
  const page = z.object({ items: z.array(shown.extend({ etag: z.string() })), next: z.string().nullable() });
  const list = { items: [{ ...example, etag: REVISION }], next: null };
  return [
    {
      ...{ ...as, method: 'get', path: address, summary: `Lists ${name} in the order of their names` },
      query: { schema: pageQuery, example: { limit: '50' } },
      replies: [jsonReply(200, 'One page.', page, list)],
      errors: ['request_invalid'],
    },
    {
      ...{ ...as, method: 'post', path: address, summary: `Adds to ${name}` },
      request: { mediaType: 'application/json', schema, examples: { document: resource.example } },
      replies: [createdReply(resource, shown, example)],
      errors: ['resource_exists'],
    },
    ...one,
    {
      ...{ ...named, method: 'delete', path, summary: `Deletes from ${name}`, headers: IF_MATCH },
      replies: [emptyReply('Deleted.')],
      errors: [...ERRORS_OF_CHANGES, 'resource_referenced'],
    },
  ];
}

/** The secret of a new client is shown once. */
function createdReply({ name }: AdministeredResource, shown: z.ZodObject, example: object): Reply {
  if (name !== 'api-clients') return jsonReply(201, 'Created.', shown, example);
  const schema = shown.extend({ secret: z.union([z.string(), z.object({ set: z.boolean() })]) });
  return jsonReply(201, 'Created; the secret is shown once.', schema, { ...example, secret: EXAMPLE.secret });
}

/** The document as it is read: whether there is a secret, and not which. */
function shownSchemaOf({ schema, secretFields }: AdministeredResource): z.ZodObject {
  return schema.extend(Object.fromEntries(secretFields.map((field) => [field, z.object({ set: z.boolean() })])));
}

function shownExampleOf({ example, secretFields }: AdministeredResource): object {
  return { ...example, ...Object.fromEntries(secretFields.map((field) => [field, { set: field in example }])) };
}

function withOptional(schema: z.ZodObject, fields: readonly string[]): z.ZodObject {
  const optional = fields.map((field) => [field, (schema.shape[field] as z.ZodType).optional()]);
  return schema.extend(Object.fromEntries(optional));
}

/** RFC 7396: any of the fields, null to take one away. */
function patchSchemaOf(schema: z.ZodObject): z.ZodObject {
  const fields = Object.entries(schema.shape as Readonly<Record<string, z.ZodType>>);
  return z.strictObject(Object.fromEntries(fields.map(([name, field]) => [name, field.nullable().optional()])));
}

/** The last field of the example that no address names. */
function patchExampleOf({ example, identity }: AdministeredResource): Readonly<Record<string, unknown>> {
  const field = Object.entries(example).findLast(([name]) => !identity.includes(name));
  return field ? Object.fromEntries([field]) : {};
}
