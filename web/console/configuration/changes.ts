/** A document as it was read. */
export type Document = Readonly<Record<string, unknown>>;

/** A field, or an entry of a field, that is not what it was. */
export interface Change {
  /** From the document down. */
  readonly path: readonly string[];
  /** Undefined where there was nothing, or is nothing any more. */
  readonly before: unknown;
  readonly after: unknown;
}

/** What makes `after` of `before`, field by field, and entry by entry within fields that hold texts. */
export function changesOf(before: Document, after: Document, path: readonly string[] = []): readonly Change[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.flatMap((name): readonly Change[] => {
    const [was, is] = [before[name], after[name]];
    const here = [...path, name];
    if (isSame(was, is)) return [];
    if (isObject(was) && isObject(is) && !isSecretMark(was) && !isSecretMark(is)) return changesOf(was, is, here);
    return [{ path: here, before: was, after: is }];
  });
}

/** The same changes made to another state. */
export function applyChanges(state: Document, changes: readonly Change[]): Document {
  return changes.reduce((changed, { path, after }) => put(changed, path, after), state);
}

/** Those of `mine` that touch what one of `theirs` touched too, and want something else. */
export function conflictsOf(mine: readonly Change[], theirs: readonly Change[]): readonly Change[] {
  return mine.filter(({ path, after }) =>
    theirs.some((their) => startsAlike(their.path, path) && !isSame(their.after, after)),
  );
}

/** What stands in place of a secret that is not shown. */
export function isSecretMark(value: unknown): value is { readonly set: boolean } {
  return isObject(value) && typeof value.set === 'boolean' && Object.keys(value).length === 1;
}

/** True where both are the same JSON, in whatever order. */
export function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, index) => isSame(item, other[index]));
  }
  if (!isObject(one) || !isObject(other)) return false;
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => isSame(one[name], other[name]));
}

function put(state: Document, [name = '', ...rest]: readonly string[], value: unknown): Document {
  const inner = state[name];
  const next = rest.length === 0 ? value : put(isObject(inner) ? inner : {}, rest, value);
  if (next !== undefined) return { ...state, [name]: next };
  const { [name]: _gone, ...others } = state;
  return others;
}

function startsAlike(one: readonly string[], other: readonly string[]): boolean {
  const length = Math.min(one.length, other.length);
  return one.slice(0, length).join('\0') === other.slice(0, length).join('\0');
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
