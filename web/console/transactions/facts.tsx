import { DataList } from '@mantine/core';
import { sayChoice } from '../configuration/words.ts';
import css from '../console.module.css';
import { sayTime } from '../say-time.ts';
import type { Transaction } from './transaction.ts';

/** What a transaction is about. */
export function Facts({ transaction }: { readonly transaction: Transaction }) {
  const { callback, platform, deviceName, deviceId } = transaction;
  const facts: readonly (readonly [label: string, value: string | null | undefined])[] = [
    ['User', transaction.userId],
    ['Device', [deviceName ?? deviceId, platform && sayChoice(platform)].filter(Boolean).join(', ')],
    ['Type', transaction.type],
    ['Method', sayChoice(transaction.method) + (transaction.isFallback ? ', as the push could not be sent' : '')],
    ['API client', transaction.clientId],
    ['Begun', sayTime(transaction.createdAtMs)],
    [transaction.status === 'pending' ? 'Ends at the latest' : 'Would have ended', sayTime(transaction.expiresAtMs)],
    ['Over since', transaction.settledAtMs === null ? null : sayTime(transaction.settledAtMs)],
    ['Sent again', `${transaction.resends} of ${transaction.maxResends}`],
    ['Wrong answers', String(transaction.attempts)],
    ['Callback', callback && [callback.uri, callback.state].filter(Boolean).join(' · ')],
    ['Policy version', transaction.policyVersion === null ? null : String(transaction.policyVersion)],
    ['Id', transaction.id],
  ];
  return (
    <DataList size="sm" gap={6} labelWidth={130} className={css.number}>
      {facts
        .filter(([, value]) => value !== null && value !== undefined && value !== '')
        .map(([label, value]) => (
          <DataList.Item key={label}>
            <DataList.ItemLabel>{label}</DataList.ItemLabel>
            <DataList.ItemValue className={css.wrap}>{value}</DataList.ItemValue>
          </DataList.Item>
        ))}
    </DataList>
  );
}
