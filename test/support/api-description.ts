import type { Router } from 'express';
import type { ApiDependencies } from '../../api/dependencies.ts';
import type { Surface } from '../../api/openapi/operation.ts';
import { surfacesOf } from '../../api/openapi/surfaces.ts';
import { countedRoutersOf, uncountedRoutersOf } from '../../api/server.ts';
import { createAdministration } from '../../db/administration/index.ts';
import { createKnex } from '../../db/knex.ts';
import { parseKeyring } from '../../runtime/keyring.ts';

/** The kinds of configuration, by a database that nobody asks anything. */
const administered = createAdministration({
  database: createKnex({
    connectionString: 'postgresql://nobody@127.0.0.1:1/nothing',
    poolSize: 1,
    warn: (message) => {
      throw new Error(message);
    },
  }),
  keyring: parseKeyring(`k1:${Buffer.alloc(32).toString('base64')}`),
  checks: { pushSettings: () => ({ ok: true }) },
});

/** Every surface, as the api describes it. */
export function describedSurfaces(): readonly Surface[] {
  return surfacesOf(administered);
}

/** `get /livez` of every route that express has, with parameters in braces. Building the routers asks nothing of anybody. */
export function registeredRoutes(): readonly string[] {
  const dependencies = {
    administered,
    settings: { publicUrl: 'https://api.example', metricsToken: 'a' },
  } as unknown as ApiDependencies;
  const all = [...uncountedRoutersOf(dependencies), ...countedRoutersOf(dependencies)];
  return all.flatMap(({ address, router }) => routesOf(address, router));
}

function routesOf(address: string, router: Router): readonly string[] {
  return router.stack.flatMap(({ route }) => {
    if (!route) return [];
    const path = `${address}/${route.path}`.replace(/\/+/g, '/').replace(/(.)\/$/, '$1');
    const methods = new Set(route.stack.map(({ method }) => method).filter((method) => method !== undefined));
    return [...methods].map((method) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`);
  });
}
