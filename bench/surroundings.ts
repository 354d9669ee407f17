import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { REPOSITORY_ROOT } from '../dev/data-folder.ts';
import type { Stage } from './set-stage.ts';

/** What figures depend on; without it they say nothing to anybody else. */
export interface Surroundings {
  readonly machine: {
    readonly processor: string;
    /** As many as this process may use. */
    readonly processors: number;
    readonly memoryBytes: number;
    readonly system: string;
  };
  readonly versions: {
    readonly countersign: string;
    readonly node: string;
    readonly temporalSdk: string;
    readonly temporal: string;
    readonly postgres: string;
  };
  readonly servers: { readonly temporal: 'embedded' | 'given'; readonly postgres: 'embedded' | 'given' };
}

export function describeSurroundings({ servers, temporalVersion }: Stage): Surroundings {
  const manifest = JSON.parse(readFileSync(join(REPOSITORY_ROOT, 'package.json'), 'utf8'));
  return {
    machine: {
      processor: cpus()[0]?.model.trim() ?? 'unknown',
      processors: availableParallelism(),
      memoryBytes: totalmem(),
      system: `${process.platform} ${release()} ${process.arch}`,
    },
    versions: {
      countersign: manifest.version,
      node: process.versions.node,
      temporalSdk: manifest.dependencies['@temporalio/worker'],
      temporal: temporalVersion,
      postgres: servers.postgresVersion,
    },
    servers: { temporal: servers.temporalKind, postgres: servers.postgresKind },
  };
}
