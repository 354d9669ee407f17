import { Router } from 'express';
import type { z } from 'zod';
import { problemsOf } from './problems-of.ts';

/** How phones get their push tokens. */
export interface RegistrationDependencies<Registration> {
  readonly registrationSchema: z.ZodType<Registration>;
  /** A new push token. */
  register(registration: Registration): string;
  /** As if the app had been removed from the phone. */
  unregister(token: string): void;
}

/** `/simulator/registrations`: what the operating system of a phone does with a push service. */
export function createRegistrationRoutes<Registration>(dependencies: RegistrationDependencies<Registration>): Router {
  const { registrationSchema, register, unregister } = dependencies;
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

  return router;
}
