import { Button, Group, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { ConsoleRefusal } from '../call-console.ts';
import css from '../console.module.css';
import { ChangeList } from './change-list.tsx';
import type { Document } from './changes.ts';
import { Conflict } from './conflict.tsx';
import { DocumentForm } from './document-form.tsx';
import { addressOf, type Entry, forgetDocuments, readDocument } from './documents.ts';
import type { Resource } from './resources.ts';
import { Review } from './review.tsx';
import { useDraft } from './use-draft.ts';
import { useLeaveWarning } from './use-leave-warning.ts';
import { writeDocument } from './write-document.ts';

export interface DocumentEditorProps {
  readonly resource: Resource;
  readonly entry: Entry;
  readonly isReadOnly: boolean;
  /** While nothing is changed, beside the button that saves; is told the state that is shown. */
  readonly actions: (entry: Entry) => ReactNode;
  /** Is told the document as it is typed now. */
  readonly below: (wanted: Document) => ReactNode;
}

/** Changes a document: typed, looked through, and saved upon the state that it was read in. */
export function DocumentEditor({ resource, entry, isReadOnly, actions, below }: DocumentEditorProps) {
  const client = useQueryClient();
  const draft = useDraft(entry, resource.fields);
  const { base, wanted, changes, theirs } = draft;
  const address = addressOf(resource, base.document);
  const [isReviewing, setReviewing] = useState(false);
  useLeaveWarning(changes.length > 0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is typed or saved here is no news of the server
  useEffect(() => {
    // Read anew. Whoever is in the middle of something is told of it when they save.
    if (entry.etag !== base.etag && changes.length === 0) draft.restart(entry);
  }, [entry]);

  const save = useMutation({
    mutationFn: () => writeDocument(resource, base, wanted),
    onSuccess: async (saved) => {
      setReviewing(false);
      draft.restart(saved);
      await forgetDocuments(client, resource.name);
    },
    onError: async (error) => {
      if (!(error instanceof ConsoleRefusal)) return;
      if (error.status === 412) draft.meet(await readDocument(address));
      const { errors } = error.problem;
      if (errors) draft.refuse(errors);
      if (errors || error.status === 412) setReviewing(false);
    },
  });

  return (
    <>
      <DocumentForm {...{ resource, draft, isReadOnly }} isNew={false} />
      <Group className={css.actions}>
        {!isReadOnly && (
          <Button
            disabled={changes.length === 0 || !draft.isValid}
            onClick={() => {
              save.reset();
              setReviewing(true);
            }}
          >
            Look through and save
          </Button>
        )}
        {changes.length > 0 && (
          <Button variant="default" onClick={() => draft.restart(base)}>
            Undo all
          </Button>
        )}
        {changes.length === 0 && actions(base)}
        <Text size="sm" c="dimmed" role="status">
          {save.isSuccess && changes.length === 0 ? 'Saved.' : ''}
        </Text>
      </Group>
      {below(wanted)}
      <Review
        isOpen={isReviewing}
        title="Save these changes?"
        yes="Save"
        error={save.error}
        isBusy={save.isPending}
        onYes={() => save.mutate()}
        onClose={() => setReviewing(false)}
      >
        <ChangeList caption="Every process notices within a second." fields={resource.fields} changes={changes} />
      </Review>
      {theirs && (
        <Conflict
          {...{ theirs, changes, fields: resource.fields }}
          onRebase={() => {
            draft.rebase();
            save.reset();
            setReviewing(true);
          }}
          onTakeTheirs={() => draft.restart(theirs.entry)}
        />
      )}
    </>
  );
}
