import { Router } from 'express';
import { z } from 'zod';
import { type Behaviours, behaviourSchema } from './behaviours.ts';
import type { PushLog } from './push-log.ts';
import type { Registrations } from './registrations.ts';

const LONGEST_WAIT_SECONDS = 25;

const pushQuerySchema = z.strictObject({
  token: z.string().min(1).optional(),
  after: z.coerce.number().int().min(0).default(0),
  waitSeconds: z.coerce.number().min(0).default(0),
});

/** What the other end of the simulated service sees and changes. */
export interface ControlDependencies {
  readonly registrations: Registrations;
  readonly behaviours: Behaviours;
  readonly pushes: PushLog;
}

/** `/simulator`: what phones and tests do with the simulated service; nothing of this exists in the real one. */
export function createControlRoutes({ registrations, behaviours, pushes }: ControlDependencies): Router {
  const router = Router();

  router.post('/registrations', (_request, response) => {
    response.status(201).json({ token: registrations.mint() });
  });

  router.delete('/registrations/:token', (request, response) => {
    registrations.unregister(request.params.token);
    response.status(204).end();
  });

  router.put('/behaviour', (request, response) => {
    const parsed = behaviourSchema.safeParse(request.body);
    if (!parsed.success) {
      response.status(400).json({ problems: problemsOf(parsed.error) });
    } else if (behaviours.set(parsed.data)) {
      response.status(204).end();
    } else {
      response
        .status(503)
        .set('Retry-After', '1')
        .json({ problems: ['too many behaviours are set'] });
    }
  });

  router.delete('/behaviour', (_request, response) => {
    behaviours.clear();
    response.status(204).end();
  });

  router.get('/pushes', async (request, response) => {
    const parsed = pushQuerySchema.safeParse(request.query);
    if (!parsed.success) {
      response.status(400).json({ problems: problemsOf(parsed.error) });
      return;
    }
    const { waitSeconds, ...query } = parsed.data;
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const waitMs = Math.min(waitSeconds, LONGEST_WAIT_SECONDS) * 1_000;
    const found = await pushes.waitFor(query, waitMs, gone.signal);
    if (found) response.json({ pushes: found });
    else
      response
        .status(503)
        .set('Retry-After', '1')
        .json({ problems: ['too many are waiting'] });
  });

  return router;
}

function problemsOf(error: z.ZodError): string[] {
  return error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`);
}
