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
  PushFailure,
  PushLog,
  PushMessage,
  PushReceipt,
  PushSender,
} from '../../activities/ports.ts';

/** A push log in memory: a step that was recorded as sent is due as sent. */
export interface FakePushLog extends PushLog {
  /** What is due at every step; undefined when the enrolment is gone. */
  due: Omit<DuePush, 'sentAs'> | undefined;
  readonly sent: Map<string, string>;
  readonly failed: { readonly step: number; readonly failure: PushFailure }[];
}

export function createFakePushLog(due: Partial<DuePush> = {}): FakePushLog {
  const sent = new Map<string, string>();
  const failed: FakePushLog['failed'] = [];
  const nowMs = Date.now();
  const log: FakePushLog = {
    due: {
      pushToken: 'push-token',
      pushConfigurationId: 'configuration',
      userId: 'alice',
      message: 'Log in?',
      createdAtMs: nowMs,
      deadlineMs: nowMs + 60_000,
      ...due,
    },
    sent,
    failed,
    async findDue(transactionId, step) {
      return log.due && { ...log.due, sentAs: sent.get(`${transactionId}/${step}`) ?? null };
    },
    async recordSent(transactionId, step, providerMessageId) {
      sent.set(`${transactionId}/${step}`, providerMessageId);
    },
    async recordFailed(_transactionId, step, failure) {
      failed.push({ step, failure });
    },
  };
  return log;
}

export interface FakePushSender extends PushSender {
  receipt: PushReceipt;
  readonly pushes: { readonly configurationId: string; readonly push: PushMessage }[];
}

export function createFakePushSender(): FakePushSender {
  const sender: FakePushSender = {
    receipt: { ok: true, providerMessageId: 'provider-message' },
    pushes: [],
    async send(configurationId, push) {
      sender.pushes.push({ configurationId, push });
      return sender.receipt;
    },
  };
  return sender;
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
