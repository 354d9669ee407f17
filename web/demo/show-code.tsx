import { Paper } from '@mantine/core';

/** The code for a phone to read; on white also where the page is dark, or cameras would not find it. */
export function ShowCode({ transactionId }: { readonly transactionId: string }) {
  return (
    <Paper bg="white" p="md" radius="md" maw={300} withBorder>
      <img
        src={`/demo/api/asked/${transactionId}/code.svg`}
        alt="QR code for your phone"
        width={260}
        height={260}
        style={{ display: 'block', width: '100%', height: 'auto' }}
      />
    </Paper>
  );
}
