/** As much of JSON Schema as the resources' schemas use. */
export interface JsonSchema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | boolean;
  readonly propertyNames?: JsonSchema;
}

/** How a field is shown and typed. */
export type FieldKind = 'choice' | 'choices' | 'json' | 'long_text' | 'number' | 'switch' | 'text' | 'texts' | 'words';

/** A field of a document. */
export interface Field {
  readonly name: string;
  readonly kind: FieldKind;
  readonly schema: JsonSchema;
  readonly isRequired: boolean;
  /** Written and never read: `{"set": …}` stands in its place. */
  readonly isSecret: boolean;
  /** Names the document, and never changes. */
  readonly isIdentity: boolean;
  /** Of the document itself; else its address alone says it. */
  readonly isSent: boolean;
}

/** From so many characters on there is more than a line. */
const LONG_TEXT = 1_000;

/** The fields of a document, by the schema it is written with and the one it is read with. */
export function fieldsOf(written: JsonSchema, read: JsonSchema, identity: readonly string[]): readonly Field[] {
  const ofAddress = identity.filter((name) => written.properties?.[name] === undefined);
  const named = ofAddress.map((name): Field => {
    const schema = { type: 'string' };
    return { name, kind: 'text', schema, isRequired: true, isSecret: false, isIdentity: true, isSent: false };
  });
  const others = Object.entries(written.properties ?? {}).map(([name, schema]): Field => {
    const isSecret = isSecretSchema(read.properties?.[name]);
    return {
      ...{ name, schema, isSecret, kind: kindOf(schema, isSecret) },
      isRequired: written.required?.includes(name) ?? false,
      isIdentity: identity.includes(name),
      isSent: true,
    };
  });
  return [...named, ...others];
}

function kindOf(schema: JsonSchema, isSecret: boolean): FieldKind {
  const { type, items, additionalProperties: others } = schema;
  if (schema.enum) return 'choice';
  if (type === 'boolean') return 'switch';
  if (type === 'integer' || type === 'number') return 'number';
  if (type === 'string') return !isSecret && (schema.maxLength ?? 0) >= LONG_TEXT ? 'long_text' : 'text';
  if (type === 'array' && items?.type === 'string') return items.enum ? 'choices' : 'words';
  if (type === 'object' && typeof others === 'object' && others.type === 'string') return 'texts';
  return 'json';
}

function isSecretSchema(schema: JsonSchema | undefined): boolean {
  const names = Object.keys(schema?.properties ?? {});
  return names.length === 1 && names[0] === 'set';
}
