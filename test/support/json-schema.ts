type Json = Readonly<Record<string, unknown>>;
type Check = (limit: never, value: never, schema: Json) => boolean;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string';
const isNumber = (value: unknown): value is number => typeof value === 'number';

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  object: isObject,
  array: Array.isArray,
  string: isText,
  number: isNumber,
  integer: Number.isInteger,
  boolean: (value) => typeof value === 'boolean',
  null: (value) => value === null,
};

/** Each keyword that may stand in our schemas; one that is not here is a mistake and is told as one. */
const KEYWORDS: Readonly<Record<string, Check>> = {
  type: (type: string | readonly string[], value: unknown) => [type].flat().some((one) => TYPES[one]?.(value)),
  enum: (values: readonly unknown[], value: unknown) => values.includes(value),
  const: (constant: unknown, value: unknown) => constant === value,
  pattern: (pattern: string, value: unknown) => !isText(value) || new RegExp(pattern, 'u').test(value),
  minLength: (limit: number, value: unknown) => !isText(value) || value.length >= limit,
  maxLength: (limit: number, value: unknown) => !isText(value) || value.length <= limit,
  minimum: (limit: number, value: unknown) => !isNumber(value) || value >= limit,
  maximum: (limit: number, value: unknown) => !isNumber(value) || value <= limit,
  minItems: (limit: number, value: unknown) => !Array.isArray(value) || value.length >= limit,
  maxItems: (limit: number, value: unknown) => !Array.isArray(value) || value.length <= limit,
  required: (names: readonly string[], value: unknown) => !isObject(value) || names.every((name) => name in value),
};

/** About values, not for them. */
const ANNOTATIONS = new Set(['description', 'default', 'format', 'additionalProperties', 'propertyNames']);

/**
 * What of the value does not fit the schema (JSON Schema 2020-12, the part of it that our schemas use); empty where all
 * does. A field that the schema does not name is a misfit, unless the schema says what others may be.
 */
export function misfitsOf(schema: Json, value: unknown, place = '#'): readonly string[] {
  return Object.entries(schema).flatMap(([keyword, limit]) => {
    if (ANNOTATIONS.has(keyword)) return [];
    if (keyword === 'anyOf' || keyword === 'oneOf') {
      const tried = (limit as readonly Json[]).map((one) => misfitsOf(one, value, place));
      return tried.some((misfits) => misfits.length === 0) ? [] : [`${place} ${keyword}`, ...tried.flat()];
    }
    if (keyword === 'allOf') return (limit as readonly Json[]).flatMap((one) => misfitsOf(one, value, place));
    if (keyword === 'items') {
      const items = Array.isArray(value) ? (value as readonly unknown[]) : [];
      return items.flatMap((item, index) => misfitsOf(limit as Json, item, `${place}/${index}`));
    }
    if (keyword === 'properties') return misfitsOfFields(schema, limit as Readonly<Record<string, Json>>, value, place);
    const check = KEYWORDS[keyword];
    if (!check) return [`${place} has the unknown keyword ${keyword}`];
    return check(limit as never, value as never, schema) ? [] : [`${place} ${keyword}`];
  });
}

function misfitsOfFields(
  { additionalProperties: others }: Json,
  properties: Readonly<Record<string, Json>>,
  value: unknown,
  place: string,
): readonly string[] {
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, field]) => {
    const schema = properties[name] ?? (isObject(others) ? others : undefined);
    return schema ? misfitsOf(schema, field, `${place}/${name}`) : [`${place}/${name} is not described`];
  });
}
