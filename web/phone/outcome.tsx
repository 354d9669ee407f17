import { Alert, Button, Stack, Text, Title } from '@mantine/core';
import css from './phone.module.css';

const WORDS = {
  approved: { title: 'Approved', text: 'The portal is told.', color: 'signet' },
  denied: { title: 'Denied', text: 'Nothing was approved. The portal is told.', color: 'red' },
  failed: { title: 'Refused', text: 'That was the last attempt. Nothing was approved.', color: 'red' },
  recorded: {
    title: 'Your answer is safe',
    text: 'The service is starting again. Your answer counts from now, and is judged in a moment.',
    color: 'yellow',
  },
} as const;

/** What became of an answer, by the server's signed word. */
export function Outcome({ status, onClose }: { readonly status: keyof typeof WORDS; readonly onClose: () => void }) {
  const { title, text, color } = WORDS[status];
  return (
    <div className={css.screen}>
      <Stack>
        <Title order={2} size="h3">
          {title}
        </Title>
        <Alert color={color} role="status">
          <Text>{text}</Text>
        </Alert>
        <Button size="md" onClick={onClose} autoFocus>
          Done
        </Button>
      </Stack>
    </div>
  );
}
