import { Button, CloseButton, Fieldset, Group, Input, Stack, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { LabelProps } from './label-props.ts';
import type { JsonSchema } from './schema.ts';

export interface TextsFieldProps {
  readonly labels: LabelProps;
  readonly schema: JsonSchema;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}

/** Texts by short names, such as languages. */
export function TextsField({ labels, schema, value, onChange }: TextsFieldProps) {
  const texts = (value ?? {}) as Readonly<Record<string, string>>;
  const [name, setName] = useState('');
  const { label, description, error, disabled } = labels;
  const pattern = schema.propertyNames?.pattern;
  const isName = name !== '' && !(name in texts) && (pattern === undefined || new RegExp(pattern, 'u').test(name));

  function add(): void {
    onChange({ ...texts, [name]: '' });
    setName('');
  }

  function remove(gone: string): void {
    onChange(Object.fromEntries(Object.entries(texts).filter(([one]) => one !== gone)));
  }

  return (
    <Fieldset legend={label} disabled={disabled} variant="filled">
      <Stack gap="xs">
        {description && <Input.Description>{description}</Input.Description>}
        {Object.entries(texts).map(([one, text]) => (
          <Group key={one} wrap="nowrap" align="flex-start">
            <Textarea
              flex={1}
              label={one}
              aria-label={`${label}, ${one}`}
              value={text}
              onChange={(event) => onChange({ ...texts, [one]: event.currentTarget.value })}
              autosize
              minRows={1}
            />
            <CloseButton mt={24} aria-label={`Remove ${label}, ${one}`} onClick={() => remove(one)} />
          </Group>
        ))}
        {!disabled && (
          <Group align="flex-end">
            <TextInput
              w={110}
              label="New one for"
              placeholder="nl"
              aria-label={`New ${label}`}
              value={name}
              onChange={(event) => setName(event.currentTarget.value.trim())}
            />
            <Button variant="default" disabled={!isName} onClick={add}>
              Add
            </Button>
          </Group>
        )}
        {error && <Input.Error>{error}</Input.Error>}
      </Stack>
    </Fieldset>
  );
}
