/** Kinds of JSON value that the fields of a request take; an object stands for a message with these fields. */
export type Shape =
  | 'string'
  | 'bool'
  | 'int'
  | 'strings'
  | 'string map'
  | 'duration'
  | 'durations'
  | 'any object'
  | readonly string[]
  | { readonly [field: string]: Shape };

const FCM_OPTIONS = { analyticsLabel: 'string' } as const;

const ANDROID_NOTIFICATION: Shape = {
  title: 'string',
  body: 'string',
  icon: 'string',
  color: 'string',
  sound: 'string',
  tag: 'string',
  clickAction: 'string',
  bodyLocKey: 'string',
  bodyLocArgs: 'strings',
  titleLocKey: 'string',
  titleLocArgs: 'strings',
  channelId: 'string',
  ticker: 'string',
  sticky: 'bool',
  eventTime: 'string',
  localOnly: 'bool',
  notificationPriority: [
    'PRIORITY_UNSPECIFIED',
    'PRIORITY_MIN',
    'PRIORITY_LOW',
    'PRIORITY_DEFAULT',
    'PRIORITY_HIGH',
    'PRIORITY_MAX',
  ],
  defaultSound: 'bool',
  defaultVibrateTimings: 'bool',
  defaultLightSettings: 'bool',
  vibrateTimings: 'durations',
  visibility: ['VISIBILITY_UNSPECIFIED', 'PRIVATE', 'PUBLIC', 'SECRET'],
  notificationCount: 'int',
  lightSettings: { color: 'any object', lightOnDuration: 'duration', lightOffDuration: 'duration' },
  image: 'string',
  proxy: ['PROXY_UNSPECIFIED', 'ALLOW', 'DENY', 'IF_PRIORITY_LOWERED'],
};

/** `projects.messages.send` of FCM HTTP v1. */
export const SEND_REQUEST: Shape = {
  validateOnly: 'bool',
  message: {
    name: 'string',
    data: 'string map',
    notification: { title: 'string', body: 'string', image: 'string' },
    android: {
      collapseKey: 'string',
      priority: ['NORMAL', 'HIGH'],
      ttl: 'duration',
      restrictedPackageName: 'string',
      data: 'string map',
      notification: ANDROID_NOTIFICATION,
      fcmOptions: FCM_OPTIONS,
      directBootOk: 'bool',
      bandwidthConstrainedOk: 'bool',
      restrictedSatelliteOk: 'bool',
    },
    webpush: { headers: 'string map', data: 'string map', notification: 'any object', fcmOptions: 'any object' },
    apns: {
      headers: 'string map',
      payload: 'any object',
      fcmOptions: { analyticsLabel: 'string', image: 'string' },
      liveActivityToken: 'string',
    },
    fcmOptions: FCM_OPTIONS,
    token: 'string',
    topic: 'string',
    condition: 'string',
  },
};
