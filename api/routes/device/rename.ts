import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { ApiDependencies } from '../../dependencies.ts';
import { deviceOf } from '../../device-authentication.ts';
import { parse } from '../../parse.ts';
import { shortText } from './short-text.ts';

/** Body of a new name. */
export const renameBody = z.object({ name: shortText });

/** `PATCH /device/v1/device`: gives the device that asks another name, for everyone enrolled on it. 204. */
export function rename({ enrolmentChanges }: ApiDependencies): RequestHandler {
  return async (request, response) => {
    const { name } = parse(renameBody, request.body);
    await enrolmentChanges.renameDevice(deviceOf(response).enrolmentId, name);
    response.status(204).end();
  };
}
