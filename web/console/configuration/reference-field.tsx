import { Autocomplete } from '@mantine/core';
import { useDocuments } from './documents.ts';
import type { LabelProps } from './label-props.ts';

export interface ReferenceFieldProps {
  readonly labels: LabelProps;
  readonly reference: readonly [resource: string, field: string];
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}

/** The name of a document of another kind: those that there are can be chosen. */
export function ReferenceField({ labels, reference: [resource, field], value, onChange }: ReferenceFieldProps) {
  const { data } = useDocuments(resource);
  const names = (data?.pages ?? []).flatMap(({ items }) => items.map((item) => String(item[field])));
  return (
    <Autocomplete
      {...labels}
      data={names}
      value={String(value ?? '')}
      onChange={(text) => onChange(text === '' && !labels.required ? undefined : text)}
    />
  );
}
