import { Router } from 'express';
import { z } from 'zod';
import type { SentSms, SmsOutbox } from './sms-outbox.ts';

const LONGEST_WAIT_SECONDS = 25;

const querySchema = z.strictObject({
  /** E.164; a plus that was not encoded arrives as a space. */
  to: z
    .string()
    .min(1)
    .transform((text) => text.replace(/^ /, '+'))
    .optional(),
  after: z.coerce.number().int().min(0).default(0),
  waitSeconds: z.coerce.number().min(0).default(0),
});

/** What the other end of a simulated service does with it. */
export interface OutboxControl<Entry extends SentSms> {
  /** For the page's heading. */
  readonly name: string;
  readonly outbox: SmsOutbox<Entry>;
  /** Takes the body of `PUT /simulator/behaviour`; what is wrong with it, if something is. */
  setBehaviour(body: unknown): string[] | undefined;
  clearBehaviours(): void;
}

/** `/` is a page for people, `/simulator` for phones and tests; nothing of this exists in the real services. */
export function createOutboxRoutes<Entry extends SentSms>(control: OutboxControl<Entry>): Router {
  const { name, outbox, setBehaviour, clearBehaviours } = control;
  const router = Router();

  router.get('/', (_request, response) => {
    response.type('html').send(pageOf(name, outbox.list({ after: 0 }).reverse()));
  });

  router.put('/simulator/behaviour', (request, response) => {
    const problems = setBehaviour(request.body);
    if (problems) response.status(400).json({ problems });
    else response.status(204).end();
  });

  router.delete('/simulator/behaviour', (_request, response) => {
    clearBehaviours();
    response.status(204).end();
  });

  router.get('/simulator/messages', async (request, response) => {
    const parsed = querySchema.safeParse(request.query);
    if (!parsed.success) {
      response.status(400).json({ problems: problemsOf(parsed.error) });
      return;
    }
    const { waitSeconds, ...query } = parsed.data;
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const waitMs = Math.min(waitSeconds, LONGEST_WAIT_SECONDS) * 1_000;
    const messages = await outbox.waitFor(query, waitMs, gone.signal);
    if (messages) response.json({ messages });
    else
      response
        .status(503)
        .set('Retry-After', '1')
        .json({ problems: ['too many are waiting'] });
  });

  return router;
}

/** One line for each fault. */
export function problemsOf(error: z.ZodError): string[] {
  return error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`);
}

function pageOf(name: string, messages: readonly SentSms[]): string {
  const rows = messages.map(
    ({ receivedAt, to, from, body }) =>
      `<tr><td>${escaped(receivedAt)}<td>${escaped(to)}<td>${escaped(from ?? '')}<td><pre>${escaped(body)}</pre>`,
  );
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="3">
<title>${escaped(name)}</title><style>body{font:16px system-ui;margin:2rem}td,th{padding:.3rem 1rem .3rem 0;text-align:left;vertical-align:top}pre{margin:0;white-space:pre-wrap}</style>
<h1>${escaped(name)}</h1><table><tr><th>When<th>To<th>From<th>Text${rows.join('')}</table>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
