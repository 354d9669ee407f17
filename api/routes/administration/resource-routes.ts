import type { Router } from 'express';
import type { ApiDependencies } from '../../dependencies.ts';
import type { AdministeredResource } from '../../ports.ts';
import { readJson } from '../../raw-body.ts';
import { requireMay } from '../../require-may.ts';
import { refuseOtherMethods } from '../../unknown-route.ts';
import { changeResource } from './change-resource.ts';
import { issueClientSecret } from './client-secrets.ts';
import { createResource } from './create-resource.ts';
import { deleteResource } from './delete-resource.ts';
import { listResource } from './list-resource.ts';
import { readResource } from './read-resource.ts';
import { documentPath } from './resource-key.ts';

const MEDIA_TYPES = ['application/json', 'application/merge-patch+json'];

/** The same operations on every administered resource; one without names can be read and changed only. */
export function addResourceRoutes(router: Router, dependencies: ApiDependencies, resource: AdministeredResource): void {
  const mayRead = requireMay(dependencies, resource.access.read);
  const mayWrite = requireMay(dependencies, resource.access.write);
  const body = readJson(MEDIA_TYPES);
  const path = documentPath(resource);
  const isOne = resource.identity.length === 0;
  router.get(path, mayRead, readResource(resource));
  router.put(path, mayWrite, body, changeResource(resource, 'replace'));
  router.patch(path, mayWrite, body, changeResource(resource, 'merge'));
  if (!isOne) {
    router.delete(path, mayWrite, deleteResource(resource));
    router.get(`/${resource.name}`, mayRead, listResource(resource));
    const prepare = resource.name === 'api-clients' ? issueClientSecret : undefined;
    router.post(`/${resource.name}`, mayWrite, body, createResource(resource, prepare));
    refuseOtherMethods(router, `/${resource.name}`, 'GET', 'POST');
  }
  refuseOtherMethods(router, path, 'GET', 'PUT', 'PATCH', ...(isOne ? [] : ['DELETE']));
}
