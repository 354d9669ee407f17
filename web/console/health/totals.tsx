import { Paper, Progress, SimpleGrid, Text } from '@mantine/core';
import css from '../console.module.css';
import type { Health } from './health.ts';

/** Numbers that are looked at first. */
export function Totals({ health: { transactions, pushes, callbacks, sms } }: { readonly health: Health }) {
  const usedPercent = sms.ceiling === 0 ? 0 : (sms.sentToday / sms.ceiling) * 100;
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, lg: 4 }} spacing="sm">
      <Total
        label="Transactions that wait"
        value={transactions.pending}
        note={transactions.overdue === 0 ? 'none of them overdue' : `${say(transactions.overdue)} overdue`}
      />
      <Total label="Pushes that providers took" value={pushes.sent} note={`${say(pushes.failed)} not taken`} />
      <Total
        label="Callbacks that wait"
        value={callbacks.waiting}
        note={sayQuarantined(callbacks.quarantined.length)}
      />
      <Total
        label="SMS today"
        value={sms.sentToday}
        note={`of ${say(sms.ceiling)} a day; ${say(sms.undelivered)} did not arrive`}
      >
        <Progress
          value={usedPercent}
          color={usedPercent > 90 ? 'red' : 'signet'}
          size="sm"
          mt={6}
          aria-label="Share of today's SMS that is used"
        />
      </Total>
    </SimpleGrid>
  );
}

interface TotalProps {
  readonly label: string;
  readonly value: number;
  readonly note: string;
  readonly children?: React.ReactNode;
}

function Total({ label, value, note, children }: TotalProps) {
  return (
    <Paper withBorder p="md">
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <Text fz={26} fw={600} lh={1.3} className={css.number}>
        {say(value)}
      </Text>
      <Text size="xs" c="dimmed">
        {note}
      </Text>
      {children}
    </Paper>
  );
}

function sayQuarantined(count: number): string {
  return count === 1 ? '1 address in quarantine' : `${say(count)} addresses in quarantine`;
}

function say(value: number): string {
  return value.toLocaleString('en');
}
