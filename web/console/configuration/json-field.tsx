import { Textarea } from '@mantine/core';
import { useState } from 'react';
import type { LabelProps } from './label-props.ts';

export interface JsonFieldProps {
  readonly labels: LabelProps;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
  readonly onInvalid: (problem: string | undefined) => void;
}

/** A value of a shape that has no input of its own, as JSON. Empty: no value. */
export function JsonField({ labels, value, onChange, onInvalid }: JsonFieldProps) {
  const [text, setText] = useState(() => (value === undefined ? '' : JSON.stringify(value, null, 2)));

  function change(typed: string): void {
    setText(typed);
    try {
      onChange(typed.trim() === '' ? undefined : JSON.parse(typed));
      onInvalid(undefined);
    } catch {
      onInvalid('This is no JSON.');
    }
  }

  return (
    <Textarea
      {...labels}
      value={text}
      onChange={(event) => change(event.currentTarget.value)}
      autosize
      minRows={3}
      maxRows={16}
      spellCheck={false}
      styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: '0.8125rem' } }}
    />
  );
}
