import { Checkbox, NativeSelect, NumberInput, Stack, Switch, TagsInput, Textarea, TextInput } from '@mantine/core';
import { JsonField } from './json-field.tsx';
import type { LabelProps } from './label-props.ts';
import { ReferenceField } from './reference-field.tsx';
import type { Field } from './schema.ts';
import { SecretField } from './secret-field.tsx';
import { TextsField } from './texts-field.tsx';
import { hintOf, labelOf, referenceOf, sayChoice } from './words.ts';

export interface FieldInputProps {
  readonly resource: string;
  readonly field: Field;
  readonly value: unknown;
  readonly error: string | undefined;
  readonly isReadOnly: boolean;
  /** Undefined takes the field away. */
  readonly onChange: (value: unknown) => void;
  /** What is typed is nothing that could be sent; undefined once it is. */
  readonly onInvalid: (problem: string | undefined) => void;
}

/** What a field of a document is typed into, by its schema. */
export function FieldInput({ resource, field, value, error, isReadOnly, onChange, onInvalid }: FieldInputProps) {
  const { name, kind, schema, isRequired } = field;
  const hint = hintOf(resource, name) ?? rangeOf(field);
  const labels: LabelProps = {
    label: labelOf(name),
    ...(hint !== undefined && { description: hint }),
    ...(error !== undefined && { error }),
    ...(isRequired && kind !== 'switch' && { required: true }),
    disabled: isReadOnly,
  };
  const onText = (text: string): void => onChange(text === '' && !isRequired ? undefined : text);
  if (field.isSecret) return <SecretField {...{ labels, field, value, onChange, onInvalid }} />;
  const reference = referenceOf(resource, name);
  if (reference) return <ReferenceField {...{ labels, reference, value, onChange }} />;
  switch (kind) {
    case 'choice':
      return (
        <NativeSelect
          {...labels}
          value={String(value ?? '')}
          onChange={(event) => onText(event.currentTarget.value)}
          data={[
            ...(isRequired && value !== undefined ? [] : [{ value: '', label: '' }]),
            ...(schema.enum ?? []).map((one) => ({ value: one, label: sayChoice(one) })),
          ]}
        />
      );
    case 'switch':
      return (
        <Switch {...labels} checked={value === true} onChange={(event) => onChange(event.currentTarget.checked)} />
      );
    case 'number':
      return (
        <NumberInput
          {...labels}
          value={typeof value === 'number' ? value : ''}
          onChange={(number) => onChange(number === '' ? undefined : Number(number))}
          allowDecimal={schema.type !== 'integer'}
          maw={220}
        />
      );
    case 'choices':
      return (
        <Checkbox.Group {...labels} value={(value as string[] | undefined) ?? []} onChange={onChange}>
          <Stack gap={6} mt={6}>
            {(schema.items?.enum ?? []).map((one) => (
              <Checkbox key={one} value={one} label={one} disabled={isReadOnly} />
            ))}
          </Stack>
        </Checkbox.Group>
      );
    case 'words':
      return (
        <TagsInput
          {...labels}
          value={(value as string[] | undefined) ?? []}
          onChange={(words) => onChange(words.length === 0 && !isRequired ? undefined : words)}
        />
      );
    case 'texts':
      return <TextsField {...{ labels, schema, value, onChange }} />;
    case 'json':
      return <JsonField {...{ labels, value, onChange, onInvalid }} />;
    case 'long_text':
      return (
        <Textarea
          {...labels}
          value={String(value ?? '')}
          onChange={(event) => onText(event.currentTarget.value)}
          autosize
          minRows={2}
        />
      );
    case 'text':
      return (
        <TextInput {...labels} value={String(value ?? '')} onChange={(event) => onText(event.currentTarget.value)} />
      );
    default:
      return kind satisfies never;
  }
}

function rangeOf({ schema: { minimum, maximum } }: Field): string | undefined {
  if (minimum === undefined || maximum === undefined) return undefined;
  return `${minimum.toLocaleString('en')} to ${maximum.toLocaleString('en')}`;
}
