import type { Knex } from 'knex';
import type { AdministeredResource, Author, ResourceRefusal } from '../../api/ports.ts';
import { createResourceStore, type ResourceStoreDependencies } from '../administration/resource-store.ts';
import { FILE_RESOURCES } from '../administration/resources/index.ts';
import { listAll } from './list-all.ts';
import { ConfigurationFileError, type WantedConfiguration, type WantedDocument } from './read-file.ts';

/** One line of what a file changes. */
export interface PlannedChange {
  readonly action: 'create' | 'change' | 'delete';
  readonly resource: string;
  readonly key: readonly string[];
  /** Never values. */
  readonly fields: readonly string[];
}

export interface ApplyOptions {
  /** Deletes what the file does not list, of the resources that it speaks of. */
  readonly prune: boolean;
  /** False: nothing is changed; it is only told what would be. */
  readonly isMeant: boolean;
  readonly author: Author;
}

/**
 * Brings the configuration to what the file says, all or nothing, with the checks and events of the administration API.
 * To tell what would change, it is done and then undone. Throws a {@link ConfigurationFileError} that names every
 * document that is refused.
 */
export async function applyConfiguration(
  { database, keyring, checks }: ResourceStoreDependencies,
  wanted: WantedConfiguration,
  { prune, isMeant, author }: ApplyOptions,
): Promise<readonly PlannedChange[]> {
  const transaction = await database.transaction();
  try {
    const stores = new Map(
      FILE_RESOURCES.map((declaration) => [
        declaration.name,
        createResourceStore(declaration, { database: transaction, keyring, checks }),
      ]),
    );
    const problems: string[] = [];
    const changes: PlannedChange[] = [];
    for (const document of wanted.documents) {
      const store = stores.get(document.declaration.name) as AdministeredResource;
      const change = await write(store, document, author, (refusal) => problems.push(...linesOf(document, refusal)));
      if (change) changes.push(change);
    }
    if (prune) {
      // What refers to others goes before them.
      for (const { name } of FILE_RESOURCES.toReversed()) {
        if (!wanted.resources.includes(name)) continue;
        const removed = await removeOthers(stores.get(name) as AdministeredResource, wanted, author, problems);
        changes.push(...removed);
      }
    }
    if (problems.length > 0) throw new ConfigurationFileError(problems);
    await (isMeant ? transaction.commit() : transaction.rollback());
    return changes;
  } catch (error) {
    await undo(transaction);
    throw error;
  }
}

async function write(
  store: AdministeredResource,
  { declaration, key, body }: WantedDocument,
  author: Author,
  refuse: (refusal: ResourceRefusal) => void,
): Promise<PlannedChange | undefined> {
  const isOne = declaration.identity.length === 0;
  const isThere = isOne || (await store.find(key)) !== undefined;
  // Of what there is one of, the file names what it cares for.
  const kind = isOne ? 'merge' : 'replace';
  const result = isThere ? await store.change(key, { kind, body }, 'any', author) : await store.create(body, author);
  if (!result.ok) {
    refuse(result);
    return undefined;
  }
  const { changedFields: fields } = result;
  if (isThere && fields.length === 0) return undefined;
  return { action: isThere ? 'change' : 'create', resource: store.name, key, fields };
}

async function removeOthers(
  store: AdministeredResource,
  { documents }: WantedConfiguration,
  author: Author,
  problems: string[],
): Promise<PlannedChange[]> {
  if (store.identity.length === 0) return [];
  const wantedKeys = documents
    .filter(({ declaration }) => declaration.name === store.name)
    .map(({ key }) => JSON.stringify(key));
  const changes: PlannedChange[] = [];
  for (const { document } of await listAll(store)) {
    const key = store.identity.map((field) => document[field] as string);
    if (wantedKeys.includes(JSON.stringify(key))) continue;
    const removed = await store.remove(key, 'any', author);
    if (removed.ok) changes.push({ action: 'delete', resource: store.name, key, fields: [] });
    else problems.push(`${store.name} ${key.join('/')}: ${removed.code}`);
  }
  return changes;
}

function linesOf({ declaration, key }: WantedDocument, refusal: ResourceRefusal): readonly string[] {
  const place = [declaration.name, ...(key.length > 0 ? [key.join('/')] : [])].join(' ');
  if (refusal.code !== 'request_invalid') return [`${place}: ${refusal.code}`];
  return refusal.errors.map(({ pointer, detail }) => `${place} ${pointer}: ${detail}`);
}

/** A connection that is gone has undone everything already. */
async function undo(transaction: Knex.Transaction): Promise<void> {
  if (!transaction.isCompleted()) await transaction.rollback();
}
