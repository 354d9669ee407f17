import type { FieldViolation } from './google-error.ts';
import { SEND_REQUEST, type Shape } from './send-request.ts';

/** Whatever in the body does not fit the shape of a request; empty when all of it does. */
export function shapeViolations(body: unknown): FieldViolation[] {
  return violationsOf(body, SEND_REQUEST, '');
}

function violationsOf(value: unknown, shape: Shape, path: string): FieldViolation[] {
  // JSON null is the same as a field that is left out.
  if (value === null && path !== '') return [];
  if (shape === 'string map') {
    if (!isObject(value)) return [misfit(path, 'Map', value)];
    return Object.values(value).flatMap((entry, index) =>
      typeof entry === 'string' ? [] : [misfit(`${path}[${index}].value`, 'TYPE_STRING', entry)],
    );
  }
  if (shape === 'strings' || shape === 'durations') {
    if (!Array.isArray(value)) return [misfit(path, 'List', value)];
    const each = shape === 'strings' ? 'string' : 'duration';
    return value.flatMap((entry, index) => violationsOf(entry, each, `${path}[${index}]`));
  }
  if (isScalar(shape)) return fits(value, shape) ? [] : [misfit(path, typeNameOf(shape), value)];
  if (!isObject(value)) return [misfit(path, 'Message', value)];
  return Object.entries(value).flatMap(([name, entry]) => {
    // Both spellings of a name are taken: lowerCamelCase and the snake_case of the definition.
    const fieldName = name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    const field = Object.hasOwn(shape, fieldName) ? shape[fieldName] : undefined;
    return field === undefined
      ? [unknownName(name, path)]
      : violationsOf(entry, field, path ? `${path}.${name}` : name);
  });
}

type Scalar = 'string' | 'bool' | 'int' | 'duration' | 'any object' | readonly string[];

function isScalar(shape: Shape): shape is Scalar {
  return typeof shape === 'string' || Array.isArray(shape);
}

function fits(value: unknown, shape: Scalar): boolean {
  switch (shape) {
    case 'string':
      return typeof value === 'string';
    case 'bool':
      return typeof value === 'boolean';
    case 'int':
      return Number.isInteger(value);
    case 'duration':
      return typeof value === 'string' && /^-?\d+(\.\d{1,9})?s$/.test(value);
    case 'any object':
      return isObject(value);
    default:
      // Names of enumerations are taken in any case: Google's own SDK writes small letters.
      return typeof value === 'string' && shape.includes(value.toUpperCase());
  }
}

function typeNameOf(shape: Scalar): string {
  const names: Record<string, string> = {
    string: 'TYPE_STRING',
    bool: 'TYPE_BOOL',
    int: 'TYPE_INT32',
    duration: 'type.googleapis.com/google.protobuf.Duration',
    'any object': 'type.googleapis.com/google.protobuf.Struct',
  };
  return typeof shape === 'string' ? (names[shape] as string) : 'TYPE_ENUM';
}

function misfit(path: string, type: string, value: unknown): FieldViolation {
  return { field: path, description: `Invalid value at '${path}' (${type}), ${JSON.stringify(value)}` };
}

function unknownName(name: string, path: string): FieldViolation {
  const place = path === '' ? '' : ` at '${path}'`;
  return {
    field: path,
    description: `Invalid JSON payload received. Unknown name "${name}"${place}: Cannot find field.`,
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
