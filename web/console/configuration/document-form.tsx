import { Alert, Paper, Stack } from '@mantine/core';
import { FieldInput } from './field-input.tsx';
import type { Resource } from './resources.ts';
import type { useDraft } from './use-draft.ts';

export interface DocumentFormProps {
  readonly resource: Resource;
  readonly draft: ReturnType<typeof useDraft>;
  readonly isNew: boolean;
  readonly isReadOnly: boolean;
}

/** Every field of a document; what names it while it is new only, as it never changes. */
export function DocumentForm({ resource, draft, isNew, isReadOnly }: DocumentFormProps) {
  const { errors, generation } = draft;
  const shown = resource.fields.filter(({ isIdentity }) => isNew || !isIdentity);
  const known = new Set(shown.map(({ name }) => name));
  const others = Object.entries(errors).filter(([name, problem]) => problem !== undefined && !known.has(name));
  return (
    <Paper withBorder p={{ base: 'sm', sm: 'lg' }} maw={720}>
      <Stack gap="md" key={generation}>
        {others.map(([name, problem]) => (
          <Alert key={name} color="red" role="alert">
            {[name, problem].join(' ')}
          </Alert>
        ))}
        {shown.map((field) => (
          <FieldInput
            key={field.name}
            resource={resource.name}
            field={field}
            value={draft.draft[field.name]}
            error={errors[field.name]}
            isReadOnly={isReadOnly}
            onChange={(value) => draft.set(field.name, value)}
            onInvalid={(problem) => draft.setInvalid(field.name, problem)}
          />
        ))}
      </Stack>
    </Paper>
  );
}
