import { type Response, Router } from 'express';
import { z } from 'zod';
import type { Behaviours, Lasting } from './behaviours.ts';
import type { MessageLog } from './message-log.ts';
import { problemsOf } from './problems-of.ts';

const LONGEST_WAIT_SECONDS = 25;

const querySchema = z.strictObject({
  /** A plus that was not encoded arrives as a space. */
  recipient: z
    .string()
    .min(1)
    .transform((text) => text.replace(/^ /, '+'))
    .optional(),
  after: z.coerce.number().int().min(0).default(0),
  waitSeconds: z.coerce.number().min(0).default(0),
});

/** What the other end of a simulated service sees and changes. */
export interface ControlDependencies<Behaviour extends Lasting, Message extends object> {
  readonly behaviourSchema: z.ZodType<Behaviour>;
  readonly behaviours: Behaviours<Behaviour>;
  readonly log: MessageLog<Message>;
  /** What the list of messages is called, in its address and in its reply. */
  readonly listName: 'pushes' | 'messages';
  /** Query parameter of the list that limits it to one recipient. */
  readonly recipientName: 'token' | 'to';
}

/** `/simulator`: what phones and tests do with a simulated service; nothing of this exists in a real one. */
export function createControlRoutes<Behaviour extends Lasting, Message extends object>(
  dependencies: ControlDependencies<Behaviour, Message>,
): Router {
  const { behaviourSchema, behaviours, log, listName, recipientName } = dependencies;
  const router = Router();

  router.put('/behaviour', (request, response) => {
    const parsed = behaviourSchema.safeParse(request.body);
    if (!parsed.success) return void response.status(400).json({ problems: problemsOf(parsed.error) });
    if (behaviours.set(parsed.data)) response.status(204).end();
    else sendBusy(response, 'too many behaviours are set');
  });

  router.delete('/behaviour', (_request, response) => {
    behaviours.clear();
    response.status(204).end();
  });

  router.get(`/${listName}`, async (request, response) => {
    const { [recipientName]: recipient, ...others } = request.query;
    const parsed = querySchema.safeParse({ ...others, recipient });
    if (!parsed.success) return void response.status(400).json({ problems: problemsOf(parsed.error) });
    const { waitSeconds, ...query } = parsed.data;
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const waitMs = Math.min(waitSeconds, LONGEST_WAIT_SECONDS) * 1_000;
    const found = await log.waitFor(query, waitMs, gone.signal);
    if (found) response.json({ [listName]: found });
    else sendBusy(response, 'too many are waiting');
  });

  return router;
}

function sendBusy(response: Response, problem: string): void {
  response
    .status(503)
    .set('Retry-After', '1')
    .json({ problems: [problem] });
}
