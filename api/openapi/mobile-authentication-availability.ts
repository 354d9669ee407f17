import { z } from 'zod';
import type { ApiVersion } from '../routes/mobile-authentication/push-target.ts';
import { EXAMPLE } from './example-values.ts';
import type { Operation, Reply } from './operation.ts';
import { jsonReply } from './replies.ts';

const names = jsonReply(200, 'Names of the types.', z.object({ enabled: z.array(z.string()) }), {
  enabled: ['push', 'push-number'],
});
const one = jsonReply(200, 'Whether it reaches them.', z.object({ enabled: z.boolean() }), { enabled: true });

const device = z.object({
  app_id: z.string(),
  app_name: z.string(),
  device_id: z.string(),
  device_name: z.string().nullable(),
  platform: z.enum(['android', 'ios']).nullable(),
});
const application = z.object({ id: z.string(), name: z.string() });

/** What a user can be asked by, in the words of one version. */
export function availabilityOperations(base: string, version: ApiVersion): readonly Operation[] {
  const user = `${base}/user/{userId}`;
  const reading = (path: string, summary: string, reply: Reply): Operation => ({
    ...{ credential: 'client', method: 'get', path, summary, replies: [reply], errors: [] },
  });
  if (version === 'v4') {
    return [
      reading(`${user}/enabled`, 'Types that reach the user, with their devices', typesReply(device, DEVICE)),
      reading(`${user}/device/{deviceId}/enabled`, 'Types that reach one device', names),
    ];
  }
  if (version === 'v3') {
    return [
      reading(`${user}/enabled`, 'Types that reach the user, with their apps', typesReply(application, APPLICATION)),
      reading(`${user}/application/{applicationId}/enabled`, 'Types that reach one app', names),
    ];
  }
  return [
    reading(`${user}/enabled`, 'Types that reach the user', names),
    reading(`${user}/enabled/{type}`, 'Whether a type reaches the user', one),
  ];
}

const APPLICATION = { id: 'demo-app', name: 'Demo app' };
const DEVICE = {
  ...{ app_id: 'demo-app', app_name: 'Demo app', device_id: EXAMPLE.deviceId },
  ...{ device_name: "alice's phone", platform: 'android' },
};

function typesReply(reached: z.ZodType, example: object): Reply {
  const type = z.object({
    type: z.string(),
    method: z.string(),
    sms_fallback_allowed: z.boolean().optional(),
    apps_enrolled_for_push: z.array(reached).optional(),
  });
  return jsonReply(200, 'The types; none for whoever is unknown.', z.object({ enabled: z.array(type) }), {
    enabled: [{ type: 'push', method: 'PUSH', sms_fallback_allowed: false, apps_enrolled_for_push: [example] }],
  });
}
