import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import { type Action, useSession } from '../session.ts';
import { ActWithReason } from './act-with-reason.tsx';
import type { Transaction } from './transaction.ts';

/** What an operator may do with a transaction. */
interface Deed {
  readonly path: 'cancel' | 'resend' | 'redeliver';
  readonly label: string;
  readonly about: string;
  readonly needs: Action;
  readonly isDangerous?: boolean;
  isFor(transaction: Transaction): boolean;
}

const DEEDS: readonly Deed[] = [
  {
    path: 'resend',
    label: 'Send again',
    about: 'The user is asked once more, the same way. The time that is left stays as it is.',
    needs: 'resend_transactions',
    isFor: ({ status, method }) => status === 'pending' && method !== 'otp',
  },
  {
    path: 'redeliver',
    label: 'Call back again',
    about: 'The portal is told the outcome once more.',
    needs: 'redeliver_callbacks',
    isFor: ({ status, callback }) => status !== 'pending' && callback.uri !== null,
  },
  {
    path: 'cancel',
    label: 'Cancel',
    about: 'The transaction ends now, and the portal is told so. This can not be undone.',
    needs: 'cancel_transactions',
    isDangerous: true,
    isFor: ({ status }) => status === 'pending',
  },
];

/** Those deeds that the operator may do and that make sense now; each asks for a reason. */
export function TransactionActions({ transaction }: { readonly transaction: Transaction }) {
  const { actions } = useSession();
  const [asked, setAsked] = useState<Deed>();
  const open = DEEDS.filter((deed) => actions.includes(deed.needs) && deed.isFor(transaction));
  return (
    <Group gap="xs">
      {open.map((deed) => (
        <Button
          key={deed.path}
          size="sm"
          variant={deed.isDangerous ? 'outline' : 'default'}
          {...(deed.isDangerous && { color: 'red' })}
          onClick={() => setAsked(deed)}
        >
          {deed.label}
        </Button>
      ))}
      {asked && (
        <ActWithReason
          address={`/admin/v1/transactions/${encodeURIComponent(transaction.id)}/${asked.path}`}
          title={asked.label}
          about={asked.about}
          isDangerous={asked.isDangerous ?? false}
          forget={['transactions']}
          onEnd={() => setAsked(undefined)}
        />
      )}
    </Group>
  );
}
