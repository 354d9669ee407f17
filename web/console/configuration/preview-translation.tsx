import { Button, Paper, SimpleGrid, Stack, Text, TextInput, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { callConsole } from '../call-console.ts';
import css from '../console.module.css';
import { Refusal } from '../shell/refusal.tsx';
import type { Document } from './changes.ts';
import { labelOf } from './words.ts';

/** What a begin may know of the request, and the message of the portal (docs/context.md). */
const EXAMPLE = {
  message: 'Log in?',
  city: 'Utrecht',
  region: 'Utrecht',
  countryCode: 'NL',
  operatingSystem: 'Linux',
  browser: 'Firefox',
} as const;

/** How a text, as it is typed now, reads with values in the places that it has for them. */
export function PreviewTranslation({ wanted }: { readonly wanted: Document }) {
  const [values, setValues] = useState<Readonly<Record<string, string>>>(EXAMPLE);
  const preview = useMutation({
    mutationFn: async () => {
      const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
      const body = { template: String(wanted.value ?? ''), values: given };
      return (await callConsole<{ readonly text: string }>('POST', '/admin/v1/translations/preview', { body })).body;
    },
  });

  function submit(event: FormEvent): void {
    event.preventDefault();
    preview.mutate();
  }

  return (
    <Paper withBorder p={{ base: 'sm', sm: 'lg' }} maw={720}>
      <form onSubmit={submit}>
        <Stack>
          <Title order={2} size="h5">
            Preview
          </Title>
          <SimpleGrid cols={{ base: 2, sm: 3 }} spacing="xs">
            {Object.keys(EXAMPLE).map((name) => (
              <TextInput
                key={name}
                size="xs"
                label={labelOf(name)}
                value={values[name] ?? ''}
                onChange={(event) => {
                  const { value } = event.currentTarget;
                  setValues((before) => ({ ...before, [name]: value }));
                }}
              />
            ))}
          </SimpleGrid>
          <Button type="submit" variant="default" loading={preview.isPending} w="fit-content">
            Show it
          </Button>
          <Refusal error={preview.error} />
          {preview.data && (
            <Text role="status" className={css.wrap}>
              {preview.data.text}
            </Text>
          )}
        </Stack>
      </form>
    </Paper>
  );
}
