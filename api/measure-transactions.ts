import { AppError } from '../runtime/errors.ts';
import { noteInLog } from '../runtime/log-context.ts';
import type { ApiMetrics, Stage } from './metrics.ts';
import type { Transactions } from './transactions.ts';

/** The same door to Temporal, with everything that passes counted and timed. */
export function measureTransactions(transactions: Transactions, metrics: ApiMetrics): Transactions {
  async function timed<Value>(stage: Stage, call: Promise<Value>, resultOf: (value: Value) => string): Promise<Value> {
    const startedAtMs = performance.now();
    const end = (result: string): void => metrics.stage(stage, result, (performance.now() - startedAtMs) / 1_000);
    try {
      const value = await call;
      end(resultOf(value));
      return value;
    } catch (error) {
      end(codeOf(error));
      throw error;
    }
  }

  return {
    async begin(input) {
      noteInLog({ transactionId: input.transactionId });
      const { typeName, method } = input.policy;
      try {
        const reply = await timed('begin', transactions.begin(input), beginResultOf);
        metrics.begun(typeName, reply !== 'known' && reply.ok ? reply.method : method, beginResultOf(reply));
        return reply;
      } catch (error) {
        metrics.begun(typeName, method, codeOf(error));
        throw error;
      }
    },
    answer: (transactionId, message) => timed('answer', transactions.answer(transactionId, message), verdictOf),
    verifyCode: (transactionId, message) => timed('code', transactions.verifyCode(transactionId, message), verdictOf),
    resend: (transactionId) => timed('resend', transactions.resend(transactionId), verdictOf),
    cancel: (transactionId, by) => timed('cancel', transactions.cancel(transactionId, by), () => 'ok'),
    redeliverCallback: (input) => timed('redeliver', transactions.redeliverCallback(input), verdictOf),
  };
}

function beginResultOf(reply: Awaited<ReturnType<Transactions['begin']>>): string {
  if (reply === 'known') return 'known';
  return reply.ok ? 'ok' : reply.code;
}

type Verdict =
  | string
  | { readonly ok: true; readonly status?: string }
  | { readonly ok: false; readonly refusal: string };

/** Words of closed sets all of them (workflows/contract.ts). */
function verdictOf(verdict: Verdict): string {
  if (typeof verdict === 'string') return verdict;
  return verdict.ok ? (verdict.status ?? 'ok') : verdict.refusal;
}

function codeOf(error: unknown): string {
  return error instanceof AppError ? error.code : 'internal';
}
