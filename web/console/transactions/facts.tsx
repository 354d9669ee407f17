import { DataList } from '@mantine/core';
import { sayChoice } from '../configuration/words.ts';
import css from '../console.module.css';
import { sayTime } from '../say-time.ts';
import type { CallbackState, Transaction } from './transaction.ts';

const CALLBACK_WORDS: Readonly<Record<CallbackState, string>> = {
  none: 'none asked for',
  not_yet: 'not yet',
  waiting: 'under way',
  quarantined: 'the address is in quarantine',
  delivered: 'the portal took it',
  given_up: 'given up',
};

/** What a transaction is about. */
export function Facts({ transaction }: { readonly transaction: Transaction }) {
  const { callback, platform, deviceName, deviceId } = transaction;
  const facts: readonly (readonly [label: string, value: string | null | undefined])[] = [
    ['User', transaction.userId],
    ['Device', [deviceName ?? deviceId, platform && sayChoice(platform)].filter(Boolean).join(', ')],
    ['Type', transaction.type],
    ['Method', sayChoice(transaction.method)],
    ['By', transaction.isBySms && transaction.method !== 'sms' ? 'SMS, as the push could not be sent' : null],
    ['API client', transaction.clientId],
    ['Begun', sayTime(transaction.createdAtMs)],
    [transaction.status === 'pending' ? 'Ends at the latest' : 'Would have ended', sayTime(transaction.expiresAtMs)],
    ['Over since', transaction.settledAtMs === null ? null : sayTime(transaction.settledAtMs)],
    [transaction.status === 'approved' ? 'Approved with' : 'Why', transaction.reason && sayChoice(transaction.reason)],
    ['Sent again', [transaction.resends, transaction.maxResends].filter((count) => count !== null).join(' of ')],
    ['Answers tried', String(transaction.attempts)],
    ['Callback', [callback.uri, CALLBACK_WORDS[callback.state]].filter(Boolean).join(' · ')],
    ['Policy version', String(transaction.policyVersion)],
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
