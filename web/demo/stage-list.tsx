import { Text, Timeline } from '@mantine/core';
import type { Stage } from './use-stages.ts';

const WORDS: Readonly<Record<string, string>> = {
  queued: 'Asked',
  accepted: 'On its way to the phone',
  delivered: 'Arrived on the phone',
  send_failed: 'It could not be sent',
  fetched: 'Opened on the phone',
  answered: 'Answered',
  settled: 'Decided, and written down',
  called_back: 'The bank was told',
  callback_failed: 'The bank could not be told yet',
};

function wordsFor({ stage, refused }: Stage): string {
  return refused ? 'A wrong answer' : (WORDS[stage] ?? stage);
}

/** What has happened so far, as it happens. */
export function StageList({ stages }: { readonly stages: readonly Stage[] }) {
  return (
    <section aria-label="Progress" aria-live="polite">
      <Timeline active={stages.length - 1} bulletSize={16} lineWidth={2}>
        {stages.map((stage) => (
          <Timeline.Item key={`${stage.stage}-${stage.at}`} title={wordsFor(stage)}>
            <Text size="xs" c="dimmed">
              {new Date(stage.at).toLocaleTimeString()}
            </Text>
          </Timeline.Item>
        ))}
      </Timeline>
    </section>
  );
}
