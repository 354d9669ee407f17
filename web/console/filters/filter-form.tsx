import { Button, Group, NativeSelect, Paper, SimpleGrid, TextInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { type Filter, fromLocalMoment, toLocalMoment } from './filter.ts';

export interface FilterFormProps {
  readonly filters: readonly Filter[];
  readonly values: Readonly<Record<string, string>>;
  readonly onApply: (values: Readonly<Record<string, string>>) => void;
  /** Beside the buttons. */
  readonly children?: ReactNode;
}

/** Narrows a list. What is typed counts when it is applied; the address then has it. */
export function FilterForm({ filters, values, onApply, children }: FilterFormProps) {
  const [typed, setTyped] = useState(values);
  const [isWide, setWide] = useState(() => filters.some(({ name, isRare }) => isRare && values[name] !== undefined));

  function submit(event: FormEvent): void {
    event.preventDefault();
    onApply(withoutEmpty(typed));
  }

  return (
    <Paper withBorder p="sm" component="search">
      <form onSubmit={submit}>
        <SimpleGrid cols={{ base: 2, sm: 3, lg: 5 }} spacing="xs" verticalSpacing="xs">
          {filters
            .filter(({ isRare }) => isWide || !isRare)
            .map((filter) => (
              <FilterInput
                key={filter.name}
                filter={filter}
                value={typed[filter.name] ?? ''}
                onChange={(value) => setTyped((before) => ({ ...before, [filter.name]: value }))}
              />
            ))}
        </SimpleGrid>
        <Group mt="sm" gap="xs">
          <Button type="submit" size="xs">
            Search
          </Button>
          <Button
            size="xs"
            variant="default"
            onClick={() => {
              setTyped({});
              onApply({});
            }}
          >
            Clear
          </Button>
          {!isWide && (
            <Button size="xs" variant="subtle" onClick={() => setWide(true)}>
              More filters
            </Button>
          )}
          {children}
        </Group>
      </form>
    </Paper>
  );
}

interface FilterInputProps {
  readonly filter: Filter;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function FilterInput({ filter, value, onChange }: FilterInputProps) {
  const { label, kind, choices = [] } = filter;
  if (kind === 'choice') {
    return (
      <NativeSelect
        size="xs"
        label={label}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        data={[{ value: '', label: 'any' }, ...choices.map((one) => ({ value: one, label: one.replaceAll('_', ' ') }))]}
      />
    );
  }
  const isMoment = kind === 'moment';
  return (
    <TextInput
      size="xs"
      label={label}
      type={isMoment ? 'datetime-local' : 'text'}
      value={isMoment ? toLocalMoment(value) : value}
      onChange={(event) => {
        const { value: text } = event.currentTarget;
        onChange(isMoment ? fromLocalMoment(text) : text);
      }}
      spellCheck={false}
      autoComplete="off"
    />
  );
}

function withoutEmpty(values: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const trimmed = Object.entries(values).map(([name, value]) => [name, value.trim()] as const);
  return Object.fromEntries(trimmed.filter(([, value]) => value !== ''));
}
