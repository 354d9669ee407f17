import { z } from 'zod';
import { identifier } from '../../identifier.ts';

/** Ids in addresses: any text that could be one, or the request is malformed. */
export const userParameter = z.object({ userId: identifier });
export const deviceParameters = z.object({ userId: identifier, deviceId: identifier });
