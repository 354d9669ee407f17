import { Button, Paper, Stack, Text, Textarea, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { callConsole } from '../call-console.ts';
import { Refusal } from '../shell/refusal.tsx';
import type { Document } from './changes.ts';

/** How a text reads with values in the places that it has for them. */
export function PreviewTranslation({ names }: { readonly names: Document }) {
  const [values, setValues] = useState('{}');
  const preview = useMutation({
    mutationFn: async () => {
      const body = { key: names.key, locale: names.locale, values: JSON.parse(values) };
      return (await callConsole<{ text: string }>('POST', '/admin/v1/translations/preview', { body })).body.text;
    },
  });
  return (
    <Paper withBorder p={{ base: 'sm', sm: 'lg' }} maw={720}>
      <Stack>
        <Title order={2} size="h5">
          Preview
        </Title>
        <Textarea label="Values" value={values} onChange={(event) => setValues(event.currentTarget.value)} autosize />
        <Button variant="default" loading={preview.isPending} onClick={() => preview.mutate()} w="fit-content">
          Show it
        </Button>
        <Refusal error={preview.error} />
        {preview.data !== undefined && <Text role="status">{preview.data}</Text>}
      </Stack>
    </Paper>
  );
}
