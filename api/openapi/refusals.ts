import type { AnyCode, ErrorFormat, Operation, Surface } from './operation.ts';

type Json = Readonly<Record<string, unknown>>;

/** What every surface tells of addresses and methods that it does not serve, and of faults of ours. */
const ALWAYS: readonly AnyCode[] = ['method_not_allowed', 'route_unknown', 'internal'];

/** One reply that is an error: all that an operation is refused with under one status. */
export interface Refusal {
  /** Unique among all: the codes of one format, in one order. */
  readonly name: string;
  /** What holds everywhere is the default reply. */
  readonly status: string;
  readonly format: ErrorFormat;
  readonly codes: readonly AnyCode[];
}

/** Every code that an operation may be refused with, but those that hold everywhere. */
export function codesOf(surface: Surface, { errors, request }: Operation): ReadonlySet<AnyCode> {
  return new Set([...errors, ...surface.errors, ...(request ? surface.bodyErrors : [])]);
}

/** The refusals of an operation, one for each status that no reply of its own has. */
export function refusalsOf(surface: Surface, operation: Operation): readonly Refusal[] {
  const { errorFormat: format } = surface;
  const byStatus = Map.groupBy(codesOf(surface, operation), (code) => format.tell(code).status);
  for (const { status } of operation.replies) byStatus.delete(status);
  const refusals = [...byStatus].map(([status, those]) => refusalOf(format, String(status), those));
  return [...refusals, refusalOf(format, 'default', ALWAYS)];
}

/** The reply as a component: an example for each code, and the schema by reference. */
export function refusalObject({ format, codes }: Refusal): Json {
  const examples = codes.map((code): [string, Json] => [String(code), { value: format.tell(code).body }]);
  return {
    description: `Refused: ${codes.map((code) => `\`${code}\``).join(', ')}.`,
    content: {
      [format.mediaType]: {
        schema: { $ref: `#/components/schemas/${format.name}` },
        examples: Object.fromEntries(examples),
      },
    },
  };
}

function refusalOf(format: ErrorFormat, status: string, unordered: readonly AnyCode[]): Refusal {
  const codes = unordered.toSorted((one, other) => (String(one) < String(other) ? -1 : 1));
  return { name: [format.name, ...codes].join('-'), status, format, codes };
}
