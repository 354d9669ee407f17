import { useSearch } from 'wouter';
import { useMay } from '../session.ts';
import { AnswerOf } from '../shell/answer-of.tsx';
import { Screen } from '../shell/screen.tsx';
import { DeleteDocument } from './delete-document.tsx';
import { DocumentEditor } from './document-editor.tsx';
import { useDocument } from './documents.ts';
import { OwnActions } from './own-actions.tsx';
import { actionFor, type Resource } from './resources.ts';
import { trailOf } from './trail.ts';
import { titleOf } from './words.ts';

/** One document. */
export function DocumentScreen({ resource }: { readonly resource: Resource }) {
  const query = new URLSearchParams(useSearch());
  const names = Object.fromEntries(resource.identity.map((field) => [field, query.get(field) ?? '']));
  const document = useDocument(resource, names);
  const isReadOnly = !useMay(actionFor(resource, 'write'));
  const isOne = resource.identity.length === 0;
  const title = Object.values(names).join(' · ');
  return (
    <Screen title={isOne ? titleOf(resource.name) : title} trail={trailOf(isOne ? undefined : resource.name)}>
      <AnswerOf query={document}>
        {(entry) => (
          <DocumentEditor
            {...{ resource, entry, isReadOnly }}
            below={(wanted) => !isReadOnly && <OwnActions {...{ resource, names, wanted }} />}
            actions={(shown) => resource.canDelete && !isReadOnly && <DeleteDocument {...{ resource, entry: shown }} />}
          />
        )}
      </AnswerOf>
    </Screen>
  );
}
