import type { RequestHandler } from 'express';
import { z } from 'zod';
import { AppError } from '../../../runtime/errors.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { parse } from '../../parse.ts';
import { authorOf } from '../administration/author.ts';
import { reasonBody } from '../transactions/reason.ts';

/** Body of the release of a callback address. */
export const releaseBody = reasonBody.extend({ address: z.url({ protocol: /^https?$/ }).max(2_048) });

/**
 * `POST /admin/v1/quarantined-addresses/release`: the address counts as well again, and what waits for it goes
 * by its own schedule. 204, or `resource_unknown` where it is in no quarantine.
 */
export function releaseAddress({ health }: ApiDependencies): RequestHandler {
  return async (request, response) => {
    const { address, reason } = parse(releaseBody, request.body);
    const isReleased = await health.release(address, authorOf(response), reason);
    if (!isReleased) throw new AppError('resource_unknown');
    response.status(204).end();
  };
}
