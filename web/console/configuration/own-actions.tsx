import type { Document } from './changes.ts';
import { ClientSecrets } from './client-secrets.tsx';
import { PreviewTranslation } from './preview-translation.tsx';
import type { Resource } from './resources.ts';
import { TestPush } from './test-push.tsx';

export interface OwnActionsProps {
  readonly resource: Resource;
  readonly names: Document;
}

/** What can be done with documents of one kind alone. */
export function OwnActions({ resource, names }: OwnActionsProps) {
  switch (resource.name) {
    case 'api-clients':
      return <ClientSecrets id={String(names.id)} />;
    case 'push-configurations':
      return <TestPush name={String(names.name)} />;
    case 'translations':
      return <PreviewTranslation key={`${names.key} ${names.locale}`} {...{ names }} />;
    default:
      return null;
  }
}
