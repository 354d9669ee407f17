import type {
  CallbackAttempt,
  CallbackLog,
  CallbackQuarantine,
  CallbackRecord,
  CallbackSender,
  DuePush,
  EnrolmentKeys,
  EnrolmentStore,
  FailingAddress,
  GonePushToken,
  PushAlarm,
  PushAlarms,
  PushAttempt,
  PushEnrolments,
  PushLog,
  PushMessage,
  PushReceipt,
  PushRefusal,
  PushSender,
} from '../../activities/ports.ts';

/** A push log in memory: a step that was recorded as sent is due as sent. */
export interface FakePushLog extends PushLog {
  /** What is due at every step; undefined when the enrolment is gone. */
  due: Omit<DuePush, 'sentAs'> | undefined;
  readonly sent: Map<string, string>;
  /** Refusals before each hand-over, by step. */
  readonly refused: { readonly step: number; readonly refusals: readonly PushRefusal[] }[];
  readonly failed: { readonly step: number; readonly refusals: readonly PushRefusal[] }[];
}

export function createFakePushLog(due: Partial<DuePush> = {}): FakePushLog {
  const sent = new Map<string, string>();
  const failed: FakePushLog['failed'] = [];
  const refused: FakePushLog['refused'] = [];
  const nowMs = Date.now();
  const log: FakePushLog = {
    due: {
      enrolmentId: 'enrolment',
      applicationId: 'application',
      pushToken: 'push-token',
      pushConfigurationId: 'configuration',
      userId: 'alice',
      message: 'Log in?',
      createdAtMs: nowMs,
      deadlineMs: nowMs + 60_000,
      apns: { topic: 'com.example.bank', environment: 'production', badge: null },
      isPending: true,
      ...due,
    },
    sent,
    refused,
    failed,
    async findDue(transactionId, step) {
      return log.due && { ...log.due, sentAs: sent.get(`${transactionId}/${step}`) ?? null };
    },
    async recordSent(transactionId, step, providerMessageId, refusals) {
      refused.push({ step, refusals });
      sent.set(`${transactionId}/${step}`, providerMessageId);
    },
    async recordFailed(_transactionId, step, refusals) {
      failed.push({ step, refusals });
    },
  };
  return log;
}

export interface FakePushSender extends PushSender {
  receipt: PushReceipt;
  /** Given first, in order. */
  readonly firstReceipts: PushReceipt[];
  readonly pushes: {
    readonly configurationId: string | null;
    readonly push: PushMessage;
    readonly attempt: PushAttempt;
  }[];
}

export function createFakePushSender(): FakePushSender {
  const sender: FakePushSender = {
    receipt: { ok: true, providerMessageId: 'provider-message' },
    firstReceipts: [],
    pushes: [],
    async send(configurationId, push, attempt) {
      sender.pushes.push({ configurationId, push, attempt });
      return sender.firstReceipts.shift() ?? sender.receipt;
    },
  };
  return sender;
}

/** What followed from refusals. */
export interface FakePushConsequences {
  readonly ended: GonePushToken[];
  readonly alarms: PushAlarm[];
  readonly pushEnrolments: PushEnrolments;
  readonly pushAlarms: PushAlarms;
}

export function createFakePushConsequences(): FakePushConsequences {
  const ended: GonePushToken[] = [];
  const alarms: PushAlarm[] = [];
  return {
    ended,
    alarms,
    pushEnrolments: { end: async (gone) => void ended.push(gone) },
    pushAlarms: { raise: async (alarm) => void alarms.push(alarm) },
  };
}

export interface FakeCallbackSender extends CallbackSender {
  attempt: CallbackAttempt;
  isAiling: boolean;
  readonly sends: { readonly callbackUri: string; readonly transactionId: string; readonly timeoutMs: number }[];
}

export function createFakeCallbackSender(): FakeCallbackSender {
  const sender: FakeCallbackSender = {
    attempt: { ok: true, httpStatus: 204 },
    isAiling: false,
    sends: [],
    isAilingAt: () => sender.isAiling,
    async send(callback, timeoutMs) {
      sender.sends.push({ ...callback, timeoutMs });
      return sender.attempt;
    },
  };
  return sender;
}

export interface FakeCallbackLog extends CallbackLog {
  readonly attempts: CallbackRecord[];
  /** What the count says after a failure. */
  failing: FailingAddress | undefined;
}

export function createFakeCallbackLog(): FakeCallbackLog {
  const attempts: CallbackRecord[] = [];
  const requests = new Map<number, string>();
  const log: FakeCallbackLog = {
    attempts,
    failing: undefined,
    async standingOf(_transactionId, delivery) {
      const mine = attempts.filter((attempt) => attempt.delivery === delivery);
      return {
        isDelivered: (delivery === 0 ? attempts : mine).some(({ ok }) => ok),
        lastNumber: Math.max(0, ...mine.map(({ number }) => number)),
      };
    },
    async openRedelivery(_transactionId, number, requestId) {
      if (!requests.has(number)) requests.set(number, requestId);
      return requests.get(number) === requestId;
    },
    async record(attempt) {
      attempts.push(attempt);
      return attempt.ok ? undefined : log.failing;
    },
  };
  return log;
}

export interface FakeCallbackQuarantine extends CallbackQuarantine {
  /** Undefined: the address is not in quarantine. */
  standing: { trials: number; waitMs: number } | undefined;
  isClaimable: boolean;
  readonly calls: unknown[][];
}

export function createFakeCallbackQuarantine(): FakeCallbackQuarantine {
  const quarantine: FakeCallbackQuarantine = {
    standing: undefined,
    isClaimable: true,
    calls: [],
    isQuarantined: async () => quarantine.standing !== undefined,
    find: async () => quarantine.standing,
    async claimTrial(...call) {
      quarantine.calls.push(['claimTrial', ...call]);
      if (quarantine.isClaimable) quarantine.standing = { trials: call[1] + 1, waitMs: call[2] };
      return quarantine.isClaimable;
    },
    async begin(...call) {
      quarantine.calls.push(['begin', ...call]);
    },
  };
  return quarantine;
}

/** Enrolments by id, with the keys they have. */
export function createFakeEnrolments(keys: Readonly<Record<string, EnrolmentKeys>>): EnrolmentStore {
  return { findKeys: async (enrolmentId) => keys[enrolmentId] };
}
