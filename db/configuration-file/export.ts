import { stringify } from 'yaml';
import { isSecret } from '../administration/columns.ts';
import type { ResourceDeclaration } from '../administration/declaration.ts';
import { createResourceStore, type ResourceStoreDependencies } from '../administration/resource-store.ts';
import { FILE_RESOURCES } from '../administration/resources/index.ts';
import { listAll } from './list-all.ts';

/**
 * The present configuration as YAML: the same configuration gives the same text. In place of secrets stand references to
 * variables that are named after resource, document and field.
 */
export async function exportConfiguration(dependencies: ResourceStoreDependencies): Promise<string> {
  const file: Record<string, unknown> = {};
  for (const declaration of FILE_RESOURCES) {
    const documents = (await listAll(createResourceStore(declaration, dependencies))).map(({ document }) =>
      withReferences(declaration, document),
    );
    file[declaration.name] = declaration.identity.length === 0 ? documents[0] : documents;
  }
  return stringify(file, { lineWidth: 0, aliasDuplicateObjects: false });
}

function withReferences(
  declaration: ResourceDeclaration,
  document: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const key = declaration.identity.map((field) => String(document[field]));
  const entries = Object.entries(document).flatMap(([name, value]) => {
    const field = declaration.fields[name];
    if (!field || !isSecret(field)) return [[name, value]];
    if (!(value as { set: boolean }).set) return [];
    return [[name, { env: variableFor([declaration.name, ...key, name]) }]];
  });
  return Object.fromEntries(entries);
}

/** `push-configurations`, `demo-fcm`, `settings`: `PUSH_CONFIGURATIONS_DEMO_FCM_SETTINGS`. */
function variableFor(parts: readonly string[]): string {
  return parts
    .join('_')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toUpperCase();
}
