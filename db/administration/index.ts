import type { AdministeredResource } from '../../api/ports.ts';
import { createResourceStore, type ResourceStoreDependencies } from './resource-store.ts';
import { RESOURCES } from './resources/index.ts';

/** Every administered resource, what is referred to before what refers to it. */
export function createAdministration(dependencies: ResourceStoreDependencies): readonly AdministeredResource[] {
  return RESOURCES.map((declaration) => createResourceStore(declaration, dependencies));
}
