import type { Administered, AdministeredResource } from '../../api/ports.ts';

const PAGE = 200;

/** Every document of a resource, page by page: an installation has few of each. */
export async function listAll(resource: AdministeredResource): Promise<readonly Administered[]> {
  const all: Administered[] = [];
  for (;;) {
    const last = all.at(-1)?.document;
    const after = last && resource.identity.map((field) => last[field] as string);
    const page = await resource.list({ limit: PAGE, ...(after && { after }) });
    all.push(...page);
    if (page.length < PAGE || resource.identity.length === 0) return all;
  }
}
