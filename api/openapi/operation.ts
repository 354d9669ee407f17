import type { z } from 'zod';
import type { ErrorCode, MobileAuthenticationCode } from '../../runtime/errors.ts';
import type { OneSpanRefusal } from '../../runtime/onespan-errors.ts';

/**
 * How a caller shows who they are; `stages`: as a client, or by the events token of the transaction; `operator`: as a
 * client, or by a session of the console.
 */
export type Credential = 'client' | 'stages' | 'operator' | 'session' | 'device' | 'none';

/** One reply that is no error. */
export interface Reply {
  readonly status: number;
  readonly description: string;
  /** Absent where there is no body. */
  readonly body?: { readonly mediaType: string; readonly schema: z.ZodType; readonly example: unknown };
}

/** What a request carries beside its path. */
export interface RequestBody {
  readonly mediaType: 'application/json' | 'application/x-www-form-urlencoded' | 'application/merge-patch+json';
  /** The schema that the route parses with. */
  readonly schema: z.ZodType;
  /** By name; each is a request that succeeds. */
  readonly examples: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly isOptional?: true;
}

/** Everything an error can be named by, on any surface. */
export type AnyCode = ErrorCode | MobileAuthenticationCode | OneSpanRefusal;

/** One route, as the API's description tells it. */
export interface Operation {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Whole, with the names of the route in braces. */
  readonly path: string;
  readonly summary: string;
  readonly credential: Credential;
  /** Parameters of the path that example-values.ts does not know. */
  readonly parameters?: Readonly<Record<string, PathParameter>>;
  readonly query?: { readonly schema: z.ZodObject; readonly example: Readonly<Record<string, string>> };
  /** By name, lower case. */
  readonly headers?: Readonly<Record<string, HeaderParameter>>;
  readonly request?: RequestBody;
  readonly replies: readonly Reply[];
  /** What this operation may be refused with, beyond what the whole surface is. */
  readonly errors: readonly AnyCode[];
}

export interface PathParameter {
  readonly description: string;
  readonly example: string;
}

export interface HeaderParameter {
  readonly description: string;
  readonly isRequired: boolean;
  readonly example: string;
}

/** A group of operations that tell errors in the same way. */
export interface Surface {
  readonly name: string;
  readonly description: string;
  /** Codes that each operation may be refused with. */
  readonly errors: readonly AnyCode[];
  /** Codes of those operations that read a body. */
  readonly bodyErrors: readonly AnyCode[];
  readonly errorFormat: ErrorFormat;
  readonly operations: readonly Operation[];
}

/** How a surface tells an error. */
export interface ErrorFormat {
  /** Of its schema among the components. */
  readonly name: string;
  readonly mediaType: string;
  readonly schema: z.ZodType;
  /** Status and body of one code. */
  tell(code: AnyCode): { readonly status: number; readonly body: object };
}
