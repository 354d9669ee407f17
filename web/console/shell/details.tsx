import { Text } from '@mantine/core';
import css from '../console.module.css';

export interface DetailsProps {
  readonly details: Readonly<Record<string, unknown>>;
  readonly size?: 'xs' | 'sm';
}

/** What there is to tell beyond the name of something, each with what it is. Nothing where there is nothing. */
export function Details({ details, size = 'sm' }: DetailsProps) {
  const told = Object.entries(details).filter(([, value]) => value !== null && value !== undefined && value !== '');
  if (told.length === 0) return null;
  return (
    <Text size={size} className={css.wrap} component="dl" m={0}>
      {told.map(([name, value]) => (
        <div key={name} className={css.detail}>
          <Text component="dt" span c="dimmed" inherit>
            {sayName(name.replace(/Ms$/, ''))}
          </Text>{' '}
          <Text component="dd" span m={0} inherit>
            {typeof value === 'object' ? JSON.stringify(value) : String(value)}
            {name.endsWith('Ms') && ' ms'}
          </Text>
        </div>
      ))}
    </Text>
  );
}

/** `providerCode` as `provider code`. */
function sayName(name: string): string {
  return name.replaceAll(/([A-Z])/g, ' $1').toLowerCase();
}
