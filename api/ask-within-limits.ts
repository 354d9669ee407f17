import { AppError } from '../runtime/errors.ts';
import type { AuthenticateInput, BeginReply } from '../workflows/contract.ts';
import { type AskingLimits, ask } from '../workflows/domain/push-fatigue.ts';
import type { AskedUserStore, GeneralSettingsStore } from './ports.ts';
import type { Transactions } from './transactions.ts';

/** Each round somebody gets through, and few may: more than this is not one user's normal life. */
const MAX_ROUNDS = 32;

export interface AskWithinLimitsDependencies {
  readonly transactions: Transactions;
  readonly askedUsers: Pick<AskedUserStore, 'read' | 'replace' | 'release'>;
  readonly generalSettings: Pick<GeneralSettingsStore, 'read'>;
}

/**
 * The same door to Temporal, at which no user is asked by push more often than the general settings allow. Every surface
 * begins through it. Throws `user_asked_too_often` and `user_blocked`.
 */
export function askWithinLimits(dependencies: AskWithinLimitsDependencies): Transactions {
  const { transactions, askedUsers, generalSettings } = dependencies;

  async function reserve(userId: string, input: AuthenticateInput, limits: AskingLimits): Promise<void> {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const { state, version } = await askedUsers.read(userId);
      const nowMs = Date.now();
      const question = { transactionId: input.transactionId, deadlineMs: nowMs + input.policy.timeToLiveMs };
      const verdict = ask(state, limits, question, nowMs);
      if (!verdict.ok) {
        const { refusal } = verdict;
        if (refusal.reason === 'blocked') throw new AppError('user_blocked');
        throw tooOften(refusal.retryAfterMs);
      }
      if (verdict.state === state || (await askedUsers.replace(userId, version, verdict.state))) return;
    }
    throw tooOften(0);
  }

  async function begin(input: AuthenticateInput): Promise<BeginReply | 'known'> {
    const { userId, transactionId } = input;
    if (userId === null || !isPushed(input)) return transactions.begin(input);
    const { askingLimits } = await generalSettings.read();
    if (askingLimits === null) return transactions.begin(input);
    await reserve(userId, input, askingLimits);
    try {
      return await transactions.begin(input);
    } catch (error) {
      // Without an idempotency key whatever may have started hands nothing over any more.
      if (input.handOffWithinMs !== null) await askedUsers.release(userId, transactionId).catch(() => undefined);
      throw error;
    }
  }

  return { ...transactions, begin };
}

/** SMS have budgets of their own, and a code that is shown asks nobody by name. */
function isPushed({ policy, isUnannounced }: AuthenticateInput): boolean {
  return !isUnannounced && policy.method !== 'sms' && policy.method !== 'otp';
}

function tooOften(retryAfterMs: number): AppError {
  const retryAfterSeconds = Math.max(1, Math.ceil(retryAfterMs / 1_000));
  return new AppError('user_asked_too_often', undefined, { retryAfterSeconds });
}
