import type { RequestHandler } from 'express';
import { z } from 'zod';
import { AppError } from '../../../runtime/errors.ts';
import { isStorable } from '../../../runtime/storable-text.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { parse } from '../../parse.ts';

/** Body of a dry run; may be left out. */
export const pushTestBody = z.object({
  /** Checked too, where it is given; a push token of an app that the configuration is for. */
  pushToken: z.string().min(1).max(4_096).optional(),
});

/**
 * `POST /admin/v1/push-configurations/{name or id}/test`: has the provider check the credentials, and a push token where
 * one is given, without sending anything; tells what the provider said (docs/push-providers.md).
 */
export function testPushConfiguration({ pushConfigurationTests }: ApiDependencies): RequestHandler {
  return async (request, response) => {
    const { pushToken } = parse(pushTestBody, request.body ?? {});
    const name = String(request.params.name);
    const report = isStorable(name) ? await pushConfigurationTests.run(name, pushToken) : undefined;
    if (!report) throw new AppError('resource_unknown');
    if (report === 'busy') throw new AppError('overloaded', undefined, { retryAfterSeconds: 1 });
    response.json(report);
  };
}
