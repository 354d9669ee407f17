import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { loadConfigurationFileConfig } from '../../runtime/config.ts';
import type { Checks } from '../administration/declaration.ts';
import type { ResourceStoreDependencies } from '../administration/resource-store.ts';
import { createKnex } from '../knex.ts';
import { applyConfiguration, type PlannedChange } from './apply.ts';
import { exportConfiguration } from './export.ts';
import { ConfigurationFileError, readConfigurationFile } from './read-file.ts';

const USAGE = `Usage:
  config export                        writes the configuration, without its secrets
  config diff FILE [--prune]           tells what applying the file would change
  config apply FILE [--prune] --yes    changes it, all or nothing

  --prune  also deletes what the file does not list, of the resources that it speaks of
`;

const SIGNS = { create: '+', change: '~', delete: '-' } as const;

export interface CommandSurroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly checks: Checks;
  out(text: string): void;
  err(text: string): void;
}

/**
 * Runs `config`. The exit code is 0 when everything is as it should be, 1 when the file differs from the configuration
 * (`diff`, and `apply` without `--yes`), 2 when something is wrong.
 */
export async function runConfigurationCommand(
  args: readonly string[],
  surroundings: CommandSurroundings,
): Promise<number> {
  const { env, err, checks } = surroundings;
  const given = parse(args);
  if (!given) {
    err(USAGE);
    return 2;
  }
  try {
    const config = loadConfigurationFileConfig(env);
    const database = createKnex({ connectionString: config.DATABASE_URL, poolSize: 2 });
    const dependencies = { database, keyring: config.ENCRYPTION_KEYS, checks };
    try {
      return await run(given, dependencies, surroundings);
    } finally {
      await database.destroy();
    }
  } catch (error) {
    const kind = error instanceof ConfigurationFileError ? 'The file is refused; nothing was changed:\n' : '';
    err(`${kind}${(error as Error).message}\n`);
    return 2;
  }
}

interface Given {
  readonly command: 'export' | 'diff' | 'apply';
  readonly path: string;
  readonly prune: boolean;
  readonly yes: boolean;
}

function parse(args: readonly string[]): Given | undefined {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { prune: { type: 'boolean', default: false }, yes: { type: 'boolean', default: false } },
    });
    const [command, path = '', ...others] = positionals;
    if (others.length > 0 || (command !== 'export' && command !== 'diff' && command !== 'apply')) return undefined;
    return (path === '') === (command === 'export') ? { command, path, ...values } : undefined;
  } catch {
    // An option that there is not.
    return undefined;
  }
}

async function run(
  { command, path, prune, yes }: Given,
  dependencies: ResourceStoreDependencies,
  { env, out }: CommandSurroundings,
): Promise<number> {
  if (command === 'export') {
    out(await exportConfiguration(dependencies));
    return 0;
  }
  const wanted = readConfigurationFile(readFileSync(path, 'utf8'), { env, folder: dirname(path) });
  const isMeant = command === 'apply' && yes;
  const author = { operator: 'config apply' };
  const changes = await applyConfiguration(dependencies, wanted, { prune, isMeant, author });
  for (const change of changes) out(`${lineOf(change)}\n`);
  if (changes.length === 0) out('Nothing differs.\n');
  else if (isMeant) out(`Done: ${changes.length} changed.\n`);
  else if (command === 'apply') out('Nothing was changed: say --yes to change it.\n');
  return isMeant || changes.length === 0 ? 0 : 1;
}

function lineOf({ action, resource, key, fields }: PlannedChange): string {
  const place = [resource, ...(key.length > 0 ? [key.join('/')] : [])].join(' ');
  return `${SIGNS[action]} ${place}${action === 'change' ? `: ${fields.join(', ')}` : ''}`;
}
