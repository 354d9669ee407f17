import { createHash, randomBytes } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import { z } from 'zod';
import { AppError } from '../../../runtime/errors.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { parse } from '../../parse.ts';
import { authorOf } from './author.ts';
import { keyOf } from './resource-key.ts';

const SECRET_BYTES = 32;
const DAY_SECONDS = 86_400;

/** Body of a rotation of a secret; may be left out. */
export const secretRotationBody = z.strictObject({
  /** How long the secret before stays good. */
  previousLifetimeSeconds: z
    .int()
    .min(60)
    .max(90 * DAY_SECONDS)
    .default(DAY_SECONDS),
});

function newSecret(): string {
  return randomBytes(SECRET_BYTES).toString('base64url');
}

/** Gives a new client a secret, shown once, unless it brings its own or has keys instead. */
export function issueClientSecret(body: unknown): {
  readonly body: unknown;
  readonly shown: Readonly<Record<string, unknown>>;
} {
  const given = (body ?? {}) as { secret?: unknown; jwks?: unknown };
  if (given.secret !== undefined || given.jwks !== undefined) return { body, shown: {} };
  const secret = newSecret();
  return { body: { ...given, secret }, shown: { secret } };
}

/** `POST /admin/v1/api-clients/{id}/secret`: a new secret, shown once; the one before stays good for a while. */
export function rotateClientSecret({ clientSecrets }: ApiDependencies): RequestHandler {
  return async (request, response) => {
    const { previousLifetimeSeconds } = parse(secretRotationBody, request.body ?? {});
    const secret = newSecret();
    const secretSha256 = createHash('sha256').update(secret).digest();
    const rotation = { clientId: clientIdOf(request), secretSha256, previousLifetimeSeconds };
    const rotated = await clientSecrets.rotate(rotation, authorOf(response));
    if (!rotated.ok) throw new AppError(rotated.code);
    response.status(201).json({ secret, previousExpiresAt: rotated.previousExpiresAt?.toISOString() ?? null });
  };
}

/** `DELETE /admin/v1/api-clients/{id}/previous-secret`: the secret before is good no more; 204, also where there is none. */
export function removePreviousSecret({ clientSecrets }: ApiDependencies): RequestHandler {
  return async (request, response) => {
    const isKnown = await clientSecrets.removePrevious(clientIdOf(request), authorOf(response));
    if (!isKnown) throw new AppError('resource_unknown');
    response.status(204).end();
  };
}

function clientIdOf(request: Request): string {
  return keyOf({ identity: ['id'] }, request)[0] as string;
}
