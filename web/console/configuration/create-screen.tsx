import { Button, Group } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import { ConsoleRefusal } from '../call-console.ts';
import { Refusal } from '../shell/refusal.tsx';
import { Screen } from '../shell/screen.tsx';
import type { Document } from './changes.ts';
import { DocumentForm } from './document-form.tsx';
import { forgetDocuments } from './documents.ts';
import { pathOf } from './paths.ts';
import type { Resource } from './resources.ts';
import { ShownSecret } from './shown-secret.tsx';
import { trailOf } from './trail.ts';
import { useDraft } from './use-draft.ts';
import { useLeaveWarning } from './use-leave-warning.ts';
import { createDocument } from './write-document.ts';

/** A new document, which begins with the defaults of its schema. */
export function CreateScreen({ resource }: { readonly resource: Resource }) {
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const draft = useDraft({ document: defaultsOf(resource), etag: '' }, resource.fields);
  const [made, setMade] = useState<Document>();
  const create = useMutation({
    mutationFn: () => createDocument(resource, draft.wanted),
    onSuccess: async (document) => {
      await forgetDocuments(client, resource.name);
      setMade(document);
    },
    onError: (error) => {
      if (error instanceof ConsoleRefusal && error.problem.errors) draft.refuse(error.problem.errors);
    },
  });
  const secret = typeof made?.secret === 'string' ? made.secret : undefined;
  useLeaveWarning(draft.changes.length > 0 && made === undefined);
  useEffect(() => {
    if (made && secret === undefined) navigate(pathOf(resource, made));
  }, [made, secret, resource, navigate]);

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (draft.isValid) create.mutate();
  }

  return (
    <Screen title="New" trail={trailOf(resource.name)}>
      <form onSubmit={submit} noValidate>
        <DocumentForm {...{ resource, draft }} isNew isReadOnly={false} />
        <Refusal error={create.error} mt="md" />
        <Group mt="lg">
          <Button type="submit" loading={create.isPending} disabled={!draft.isValid}>
            Create
          </Button>
        </Group>
      </form>
      {made && secret !== undefined && <ShownSecret secret={secret} onClose={() => navigate(pathOf(resource, made))} />}
    </Screen>
  );
}

function defaultsOf({ fields }: Resource): Document {
  const known = fields.filter(({ schema }) => schema.default !== undefined);
  return Object.fromEntries(known.map(({ name, schema }) => [name, schema.default]));
}
