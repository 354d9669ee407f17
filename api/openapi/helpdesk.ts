import { z } from 'zod';
import { EVENT, eventItem } from './events.ts';
import { EXAMPLE } from './example-values.ts';
import type { Operation } from './operation.ts';
import { emptyReply, jsonReply } from './replies.ts';

const DEVICES = '/admin/v1/users/{userId}/devices';
const text = z.string();
const AGENT = {
  'agent-user': { description: 'Who acts, where a client acts for a person.', isRequired: false, example: 'carol' },
};

const ACTIONS = {
  'revoke-mobile-authentication': 'Takes the keys, and with them the push token',
  'revoke-push': 'Takes the push token',
  disconnect: 'Takes the user off the device',
  delete: 'Takes every user off the device',
} as const;

const device = z.object({
  ...{ id: text, name: text, applicationId: text, applicationName: text, model: text.nullable(), platform: text },
  ...{ osVersion: text.nullable(), createdAt: z.iso.datetime(), lastSeenAt: z.iso.datetime() },
  ...{ isEnrolled: z.boolean(), hasPushToken: z.boolean(), hasBiometricKey: z.boolean() },
  hasCustomAuthenticator: z.boolean(),
});

const DEVICE = {
  ...{ id: EXAMPLE.deviceId, name: "alice's phone", applicationId: 'demo-app', applicationName: 'Demo app' },
  ...{ model: null, platform: 'android', osVersion: null },
  ...{ createdAt: EXAMPLE.createdAt, lastSeenAt: EXAMPLE.createdAt, isEnrolled: true, hasPushToken: true },
  ...{ hasBiometricKey: false, hasCustomAuthenticator: false },
};

const SUMMARY = {
  ...{ userId: EXAMPLE.userId, isEnrolled: true, devices: [DEVICE] },
  ...{ asking: { refusal: null, retryAfterMs: null, misses: 0, waiting: 1 }, events: [EVENT] },
};

const summary = z.object({
  ...{ userId: text, isEnrolled: z.boolean(), devices: z.array(device) },
  asking: z.object({
    refusal: z
      .enum(['blocked', 'too_many_pending', 'too_soon'])
      .nullable()
      .describe('Why a push would be refused at this moment.'),
    ...{ retryAfterMs: z.int().nullable(), misses: z.int(), waiting: z.int() },
  }),
  events: z.array(eventItem).describe('The last twenty, newest first.'),
});

/** What a helpdesk does for users. */
export const helpdeskOperations: readonly Operation[] = [
  {
    ...{ credential: 'operator', method: 'get', path: DEVICES, summary: 'The devices of a user', headers: AGENT },
    replies: [jsonReply(200, 'The devices.', z.object({ devices: z.array(device) }), { devices: [DEVICE] })],
    errors: ['request_invalid'],
  },
  {
    ...{ credential: 'operator', method: 'get', path: '/admin/v1/users/{userId}/summary', headers: AGENT },
    summary: 'What to know first of a user',
    replies: [jsonReply(200, 'The user.', summary, SUMMARY)],
    errors: ['request_invalid'],
  },
  {
    ...{ credential: 'operator', method: 'post', path: '/admin/v1/users/{userId}/unlock', headers: AGENT },
    summary: 'Lets a user who is blocked be asked again',
    replies: [emptyReply('Unlocked, or was not blocked.')],
    errors: ['request_invalid'],
  },
  ...Object.entries(ACTIONS).map(
    ([name, summary]): Operation => ({
      ...{ credential: 'operator', method: 'post', path: `${DEVICES}/{deviceId}/${name}`, summary, headers: AGENT },
      replies: [emptyReply('Done, or there was nothing to do.')],
      errors: ['request_invalid', 'device_unknown'],
    }),
  ),
];
