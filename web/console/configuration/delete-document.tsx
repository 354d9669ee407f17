import { Button, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { ConsoleRefusal, callConsole } from '../call-console.ts';
import { addressOf, type Entry, forgetDocuments } from './documents.ts';
import type { Resource } from './resources.ts';
import { Review } from './review.tsx';

/** Deletes a document in the state that it was read in. */
export function DeleteDocument({ resource, entry }: { readonly resource: Resource; readonly entry: Entry }) {
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const [isAsking, setAsking] = useState(false);
  const remove = useMutation({
    mutationFn: () => callConsole('DELETE', addressOf(resource, entry.document), { etag: entry.etag }),
    // Somebody has changed it since: the next try is upon what is there now.
    onError: (error) =>
      error instanceof ConsoleRefusal && error.status === 412 ? forgetDocuments(client, resource.name) : undefined,
    onSuccess: async () => {
      await forgetDocuments(client, resource.name);
      navigate(`/configuration/${resource.name}`);
    },
  });
  const name = resource.identity.map((field) => String(entry.document[field])).join(' ');
  return (
    <>
      <Button
        variant="subtle"
        color="red"
        onClick={() => {
          remove.reset();
          setAsking(true);
        }}
      >
        Delete
      </Button>
      <Review
        isOpen={isAsking}
        title={`Delete ${name}?`}
        yes="Delete"
        isDangerous
        error={remove.error}
        isBusy={remove.isPending}
        onYes={() => remove.mutate()}
        onClose={() => setAsking(false)}
      >
        <Text size="sm">This can not be undone.</Text>
      </Review>
    </>
  );
}
