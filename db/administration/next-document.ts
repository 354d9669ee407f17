import type { ResourceChange } from '../../api/ports.ts';
import { type Document, isSecret } from './columns.ts';
import type { ResourceDeclaration } from './declaration.ts';

/**
 * The document that a change asks for, not yet checked. A secret stays when the change does not name it, or names it as
 * it was read (`{"set": …}`), and goes when the change names it as null.
 */
export function nextDocument(
  declaration: ResourceDeclaration,
  current: Document,
  { kind, body }: ResourceChange,
): Document | undefined {
  if (!isObject(body)) return undefined;
  const given = withoutEchoes(declaration, body);
  if (kind === 'merge') return mergePatch(current, given) as Document;
  const kept = Object.entries(declaration.fields).flatMap(([name, field]) =>
    (isSecret(field) || declaration.identity.includes(name)) && !(name in given) && name in current
      ? [[name, current[name]]]
      : [],
  );
  const said = Object.entries(given).filter(([, value]) => value !== null);
  return Object.fromEntries([...kept, ...said]);
}

/** A new document: null counts as left out. */
export function newDocument(declaration: ResourceDeclaration, body: unknown): Document | undefined {
  return nextDocument(declaration, {}, { kind: 'replace', body });
}

/** RFC 7396. */
function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const merged: Record<string, unknown> = isObject(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete merged[name];
    else merged[name] = mergePatch(merged[name], value);
  }
  return merged;
}

/** What was read in place of a secret may be sent back as it is. */
function withoutEchoes({ fields }: ResourceDeclaration, body: Document): Document {
  return Object.fromEntries(
    Object.entries(body).filter(([name, value]) => !(fields[name] && isSecret(fields[name]) && isEcho(value))),
  );
}

function isEcho(value: unknown): boolean {
  return isObject(value) && typeof value.set === 'boolean' && Object.keys(value).length === 1;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
