import { Text, Timeline } from '@mantine/core';
import css from '../console.module.css';
import { sayLater, sayTime } from '../say-time.ts';
import { Details } from '../shell/details.tsx';
import type { Moment, Transaction } from './transaction.ts';

/** Everything that happened in a transaction, in its order, each with how long after the beginning it was. */
export function Story({ transaction }: { readonly transaction: Transaction }) {
  const { timeline, createdAtMs } = transaction;
  return (
    <Timeline bulletSize={14} lineWidth={2} active={timeline.length} aria-label="What happened">
      {timeline.map((moment, index) => (
        <Timeline.Item
          // biome-ignore lint/suspicious/noArrayIndexKey: nothing ever comes between or goes
          key={index}
          color={colourOf(moment)}
          title={
            <Text fw={600} size="sm" component="span" data-testid="moment">
              {moment.title}
            </Text>
          }
        >
          <Text size="xs" c="dimmed" className={css.number}>
            <time dateTime={new Date(moment.atMs).toISOString()}>{sayTime(moment.atMs)}</time>
            {' · '}
            {sayLater(Math.max(0, moment.atMs - createdAtMs))}
          </Text>
          <Details details={moment.details} />
        </Timeline.Item>
      ))}
    </Timeline>
  );
}

function colourOf({ kind, title }: Moment): string {
  const said = `${kind} ${title}`.toLowerCase();
  if (/fail|refus|wrong|denied|blocked|quarantin|not (sent|deliver)/.test(said)) return 'red';
  if (/approved|succe|accepted|took/.test(said)) return 'signet';
  return 'gray';
}
