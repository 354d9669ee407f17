import { Button, Group, Input, PasswordInput, Stack, Text } from '@mantine/core';
import { isSecretMark } from './changes.ts';
import { JsonField, type JsonFieldProps } from './json-field.tsx';
import type { LabelProps } from './label-props.ts';
import type { Field } from './schema.ts';

export interface SecretFieldProps extends JsonFieldProps {
  readonly field: Field;
}

/** A secret, which is written and never read. One that is there stays, unless another one is typed or it is removed. */
export function SecretField({ labels, field, value, onChange, onInvalid }: SecretFieldProps) {
  const isKept = isSecretMark(value) && value.set;
  if (isKept || value === null) return <SetSecret {...{ labels, field, isKept, onChange }} />;
  const typed = isSecretMark(value) ? undefined : value;
  if (field.kind === 'json') return <JsonField {...{ labels, value: typed, onChange, onInvalid }} />;
  return (
    <PasswordInput
      {...labels}
      value={String(typed ?? '')}
      onChange={(event) => onChange(event.currentTarget.value === '' ? undefined : event.currentTarget.value)}
      autoComplete="new-password"
      visibilityToggleButtonProps={{ 'aria-label': `Show ${labels.label}` }}
    />
  );
}

interface SetSecretProps {
  readonly labels: LabelProps;
  readonly field: Field;
  readonly isKept: boolean;
  readonly onChange: (value: unknown) => void;
}

function SetSecret({ labels, field, isKept, onChange }: SetSecretProps) {
  const { label, error, disabled } = labels;
  return (
    <Stack gap={4} role="group" aria-label={label}>
      <Input.Label labelElement="div">{label}</Input.Label>
      <Group gap="sm">
        <Text size="sm" c="dimmed">
          {isKept ? 'Set. It is not shown.' : 'Will be removed.'}
        </Text>
        {!disabled && (
          <>
            <Button size="compact-sm" variant="default" onClick={() => onChange(undefined)}>
              Type another one
            </Button>
            {isKept && !field.isRequired && (
              <Button size="compact-sm" variant="subtle" color="red" onClick={() => onChange(null)}>
                Remove it
              </Button>
            )}
          </>
        )}
      </Group>
      {error && (
        <Text size="xs" c="red">
          {error}
        </Text>
      )}
    </Stack>
  );
}
