import type { z } from 'zod';
import type { PushProvider } from '../../activities/ports.ts';
import type { AdministrationAction } from '../../api/ports.ts';
import type { FieldProblem } from '../../runtime/errors.ts';

/** Where a field of a document lies in its table, and how. A field without value is null there. */
export type Field =
  | { readonly column: string; readonly kind?: 'plain' | 'json' }
  /** A secret that we must be able to use: sealed (runtime/sealing.ts), never shown. A text, or an object as JSON. */
  | { readonly column: string; readonly kind: 'sealed' }
  /** A secret that we only compare with: its SHA-256. Must have 256 random bits. */
  | { readonly column: string; readonly kind: 'hashed' }
  /** The document names another resource; the column holds that one's `key`, its id where none is said. */
  | {
      readonly column: string;
      readonly kind: 'reference';
      readonly table: string;
      readonly name: string;
      readonly key?: string;
    };

/** What a check may need beyond the document; put together where the process is. */
export interface Checks {
  /** Whether a push provider could work with these settings; the reason names fields, never their values. */
  pushSettings(
    provider: PushProvider,
    settings: unknown,
  ): { readonly ok: true } | { readonly ok: false; readonly reason: string };
}

/**
 * Everything there is to say of one administered resource. Its table was given to `countersign_administer()` by a
 * migration, which adds the column `revision`; or names a column of its own for that.
 */
export interface ResourceDeclaration {
  /** Of the path and of the configuration file. */
  readonly name: string;
  readonly table: string;
  /** Fields that name a document, in the order of the path; none where the table has one row. */
  readonly identity: readonly string[];
  /** The whole document, strict. Fields that are `hashed` must be optional: they can not be read back to be checked. */
  readonly schema: z.ZodObject;
  /** A document as an operator might write it; may name those of the resources before. Stands in the API's description. */
  readonly example: Readonly<Record<string, unknown>>;
  /** Every field of the schema. */
  readonly fields: Readonly<Record<string, Field>>;
  /** Where a document can be neither created nor deleted, there is one event only. */
  readonly events: { readonly updated: string; readonly created?: string; readonly deleted?: string };
  readonly access: { readonly read: AdministrationAction; readonly write: AdministrationAction };
  /** A column with a UUID made by us, which secrets are sealed for; without it they are sealed for the first field of `identity`. */
  readonly generatedId?: string;
  /** A column that counts changes up. */
  readonly counter?: string;
  /** A column that tells states of a document apart, in place of `revision`. */
  readonly revision?: string;
  /** Fields that stay as they are while a row of another table has the (only) name of the document in this column. */
  readonly fixedWhileUsed?: { readonly fields: readonly string[]; readonly table: string; readonly column: string };
  /** What a schema can not say. No problem: an empty list. */
  check?(document: Readonly<Record<string, unknown>>, checks: Checks): Promise<readonly FieldProblem[]>;
}
