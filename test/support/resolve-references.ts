type Json = Readonly<Record<string, unknown>>;

/** The document with what each `$ref` names in its place; throws for a name that nothing has. */
export function resolveReferences(document: Json, part: unknown = document): unknown {
  if (Array.isArray(part)) return part.map((item) => resolveReferences(document, item));
  if (typeof part !== 'object' || part === null) return part;
  const { $ref: reference } = part as { readonly $ref?: unknown };
  if (typeof reference === 'string') return resolveReferences(document, namedBy(document, reference));
  return Object.fromEntries(Object.entries(part).map(([name, value]) => [name, resolveReferences(document, value)]));
}

function namedBy(document: Json, reference: string): unknown {
  const [root, ...names] = reference.split('/');
  const named = names.reduce<unknown>((part, name) => (part as Json | undefined)?.[name], document);
  if (root !== '#' || named === undefined) throw new Error(`nothing is named ${reference}`);
  return named;
}
