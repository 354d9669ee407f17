import { Router } from 'express';
import { z } from 'zod';
import type { Behaviours, Lasting } from './behaviours.ts';
import type { PushLog } from './push-log.ts';

const LONGEST_WAIT_SECONDS = 25;

const pushQuerySchema = z.strictObject({
  token: z.string().min(1).optional(),
  after: z.coerce.number().int().min(0).default(0),
  waitSeconds: z.coerce.number().min(0).default(0),
});

/** What the other end of a simulated service sees and changes. */
export interface ControlDependencies<Registration, Behaviour extends Lasting> {
  readonly registrationSchema: z.ZodType<Registration>;
  /** A new push token. */
  register(registration: Registration): string;
  /** As if the app had been removed from the phone. */
  unregister(token: string): void;
  readonly behaviourSchema: z.ZodType<Behaviour>;
  readonly behaviours: Behaviours<Behaviour>;
  readonly pushes: PushLog;
}

/** `/simulator`: what phones and tests do with a simulated service; nothing of this exists in a real one. */
export function createControlRoutes<Registration, Behaviour extends Lasting>(
  dependencies: ControlDependencies<Registration, Behaviour>,
): Router {
  const { registrationSchema, register, unregister, behaviourSchema, behaviours, pushes } = dependencies;
  const router = Router();

  router.post('/registrations', (request, response) => {
    const parsed = registrationSchema.safeParse(request.body ?? {});
    if (!parsed.success) return void response.status(400).json({ problems: problemsOf(parsed.error) });
    response.status(201).json({ token: register(parsed.data) });
  });

  router.delete('/registrations/:token', (request, response) => {
    unregister(request.params.token);
    response.status(204).end();
  });

  router.put('/behaviour', (request, response) => {
    const parsed = behaviourSchema.safeParse(request.body);
    if (!parsed.success) return void response.status(400).json({ problems: problemsOf(parsed.error) });
    if (behaviours.set(parsed.data)) return void response.status(204).end();
    response
      .status(503)
      .set('Retry-After', '1')
      .json({ problems: ['too many behaviours are set'] });
  });

  router.delete('/behaviour', (_request, response) => {
    behaviours.clear();
    response.status(204).end();
  });

  router.get('/pushes', async (request, response) => {
    const parsed = pushQuerySchema.safeParse(request.query);
    if (!parsed.success) return void response.status(400).json({ problems: problemsOf(parsed.error) });
    const { waitSeconds, ...query } = parsed.data;
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const waitMs = Math.min(waitSeconds, LONGEST_WAIT_SECONDS) * 1_000;
    const found = await pushes.waitFor(query, waitMs, gone.signal);
    if (found) return void response.json({ pushes: found });
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
