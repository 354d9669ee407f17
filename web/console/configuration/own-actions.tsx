import type { Document } from './changes.ts';
import { ClientSecrets } from './client-secrets.tsx';
import { PreviewTranslation } from './preview-translation.tsx';
import type { Resource } from './resources.ts';
import { TestPush } from './test-push.tsx';

export interface OwnActionsProps {
  readonly resource: Resource;
  readonly names: Document;
  /** The document as it is typed now. */
  readonly wanted: Document;
}

/** What can be done with documents of one kind alone. */
export function OwnActions({ resource, names, wanted }: OwnActionsProps) {
  switch (resource.name) {
    case 'api-clients':
      return <ClientSecrets id={String(names.id)} />;
    case 'push-configurations':
      return <TestPush name={String(names.name)} />;
    case 'translations':
      return <PreviewTranslation wanted={wanted} />;
    default:
      return null;
  }
}
