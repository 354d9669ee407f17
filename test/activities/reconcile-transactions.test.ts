import type { OwedCallback, UnfinishedPlace, UnfinishedTransaction, WorkflowStanding } from '../../activities/ports.ts';
import {
  createReconcileTransactions,
  type ReconcileTransactionsRequest,
  type Reconciliation,
} from '../../activities/reconcile-transactions.ts';
import type { RedeliverCallbackInput } from '../../workflows/contract.ts';

const MINUTE_MS = 60_000;

interface World {
  readonly overdue?: readonly UnfinishedTransaction[];
  readonly owed?: readonly OwedCallback[];
  /** By workflow id; gone where it is not said. */
  readonly standings?: Readonly<Record<string, WorkflowStanding>>;
  /** Ids that somebody else settles first. */
  readonly settledBefore?: readonly string[];
  /** Times that there is more to note. */
  readonly moreToNote?: number;
  /** Ids whose receipts can not be made. */
  readonly broken?: readonly string[];
}

/** Ports in memory; lists are in the order of their deadlines, as PostgreSQL gives them. */
function createWorld({
  overdue = [],
  owed = [],
  standings = {},
  settledBefore = [],
  moreToNote = 0,
  broken = [],
}: World) {
  const told = {
    settled: [] as string[],
    redelivered: [] as RedeliverCallbackInput[],
    writtenOff: [] as string[],
    postponed: [] as string[],
    reports: [] as object[],
    failures: [] as string[],
    notes: 0,
  };
  const page = <Row extends UnfinishedTransaction>(rows: readonly Row[]) => {
    return async (after: UnfinishedPlace | undefined, limit: number): Promise<readonly Row[]> =>
      rows.filter(({ deadlineMs }) => deadlineMs > (after?.deadlineMs ?? 0)).slice(0, limit);
  };
  const dependencies = {
    unfinished: {
      listOverdue: page(overdue),
      listOwed: page(owed.filter(({ transactionId }) => !transactionId.startsWith('later'))),
      listAllOwed: page(owed),
      lookLater: async (transactionId: string) => void told.postponed.push(transactionId),
      noteOwed: async () => ({ isDone: ++told.notes > moreToNote }),
      writeOff: async (transactionId: string) => void told.writtenOff.push(transactionId),
    },
    workflows: {
      standingOf: async (workflowId: string) => standings[workflowId] ?? 'gone',
      redeliver: async (input: RedeliverCallbackInput) => void told.redelivered.push(input),
    },
    reconciliationReport: {
      tell: (reconciled: object) => void told.reports.push(reconciled),
      tellFailure: (transactionId: string) => void told.failures.push(transactionId),
    },
    receipts: { pgpFingerprintOf: async () => 'fingerprint', sign: async () => 'receipt' },
    transactions: {
      findPending: async () => undefined,
      async settle({ transactionId, outcome }: { transactionId: string; outcome: { status: string } }) {
        if (broken.includes(transactionId)) throw new Error('no such key');
        told.settled.push(`${transactionId} ${outcome.status}`);
        return {
          outcome: { status: 'expired', settledAtMs: 1 } as const,
          answerSha256: null,
          isNew: !settledBefore.includes(transactionId),
        };
      },
    },
  };
  return { dependencies, told };
}

const overdueOf = (count: number): UnfinishedTransaction[] =>
  Array.from({ length: count }, (_, index) => ({
    transactionId: `t${index}`,
    callbackUri: 'https://portal.example/callback',
    deadlineMs: 1_000 + index,
    redeliveries: 0,
  }));

const owedOf = (fields: Partial<OwedCallback>): OwedCallback => ({
  ...(overdueOf(1)[0] as UnfinishedTransaction),
  sinceRedeliveryMs: null,
  isOver: false,
  ...fields,
});

/** Runs until there is nothing left, and counts the runs. */
async function runAll(run: (request: ReconcileTransactionsRequest) => Promise<Reconciliation>) {
  const total = { expired: 0, calledBack: 0, running: 0, runs: 0 };
  let request: ReconcileTransactionsRequest = {};
  for (;;) {
    const { expired, calledBack, running, next } = await run(request);
    total.expired += expired;
    total.calledBack += calledBack;
    total.running += running;
    total.runs += 1;
    if (!next) return total;
    request = { from: next };
  }
}

it('goes on where the time of the run before was over, and leaves nothing out', async () => {
  const { dependencies, told } = createWorld({
    overdue: overdueOf(45),
    owed: overdueOf(30).map((row) => owedOf(row)),
    moreToNote: 3,
  });
  const total = await runAll(createReconcileTransactions(dependencies, { budgetMs: 0, pageSize: 20 }));
  expect(total).toMatchObject({ expired: 45, calledBack: 30, running: 0 });
  expect(total.runs).toBeGreaterThan(10);
  expect(told.settled).toEqual(overdueOf(45).map(({ transactionId }) => `${transactionId} expired`));
  expect(told.redelivered).toHaveLength(75);
  expect(told.notes).toBe(4);
});

it('needs one run where there is time, and reports what it did', async () => {
  const { dependencies, told } = createWorld({ overdue: overdueOf(45), standings: { 'transaction:t3': 'running' } });
  const total = await runAll(createReconcileTransactions(dependencies, { budgetMs: 60_000, pageSize: 20 }));
  expect(total).toEqual({ expired: 44, calledBack: 0, running: 1, runs: 1 });
  expect(told.reports).toEqual([expect.objectContaining({ expired: 44, calledBack: 0 })]);
});

it('reports one that can not be seen to, which holds up no other', async () => {
  const { dependencies, told } = createWorld({ overdue: overdueOf(20), owed: [owedOf({})], broken: ['t9'] });
  expect(await createReconcileTransactions(dependencies)({})).toEqual({
    ...{ expired: 19, calledBack: 1, running: 0, failed: 1 },
  });
  expect(told.failures).toEqual(['t9']);
});

it('only counts in a dry run', async () => {
  const owed = [owedOf({ transactionId: 'given-up', deadlineMs: 1 }), owedOf({ transactionId: 'untold' })];
  const { dependencies, told } = createWorld({
    overdue: overdueOf(2),
    owed,
    standings: { 'transaction:given-up': 'completed' },
  });
  expect(await createReconcileTransactions(dependencies)({ isDryRun: true })).toEqual({
    ...{ expired: 2, calledBack: 1, running: 0, failed: 0 },
  });
  expect(told).toMatchObject({ settled: [], redelivered: [], writtenOff: [], reports: [] });
});

it('asks after those whose turn is later only where it is to be thorough', async () => {
  const owed = [owedOf({ transactionId: 'later' })];
  const reconcile = createReconcileTransactions(createWorld({ owed }).dependencies);
  expect(await reconcile({})).toMatchObject({ calledBack: 0 });
  expect(await reconcile({ isThorough: true })).toMatchObject({ calledBack: 1 });
});

it('looks later at those whose workflow runs', async () => {
  const { dependencies, told } = createWorld({ owed: [owedOf({})], standings: { 'transaction:t0': 'running' } });
  const reconcile = createReconcileTransactions(dependencies);
  await reconcile({ isDryRun: true });
  expect(told.postponed).toEqual([]);
  await reconcile({});
  expect(told.postponed).toEqual(['t0']);
});

it('does not tell a portal of an outcome that somebody else has written', async () => {
  const { dependencies, told } = createWorld({ overdue: overdueOf(2), settledBefore: ['t0'] });
  expect(await createReconcileTransactions(dependencies)({})).toMatchObject({ expired: 1 });
  expect(told.redelivered).toMatchObject([{ transactionId: 't1', number: 1 }]);
});

it.each<[string, Partial<OwedCallback>, Readonly<Record<string, WorkflowStanding>>, number]>([
  ['at once where no redelivery was made', {}, {}, 1],
  ['again when the time for it has come', { redeliveries: 1, sinceRedeliveryMs: 20 * MINUTE_MS }, {}, 1],
  ['no sooner', { redeliveries: 1, sinceRedeliveryMs: 19 * MINUTE_MS }, {}, 0],
  ['not more often than may be', { redeliveries: 20, sinceRedeliveryMs: 3_000 * MINUTE_MS }, {}, 0],
  ['not when it was told meanwhile', { isOver: true }, {}, 0],
  ['not while its workflow does', {}, { 'transaction:t0': 'running' }, 0],
  ['not while a redelivery is under way', {}, { 'redelivery:t0': 'running' }, 0],
  ['not after its workflow gave up', {}, { 'transaction:t0': 'completed' }, 0],
])('calls a portal back %s', async (_when, fields, standings, times) => {
  const { dependencies, told } = createWorld({ owed: [owedOf(fields)], standings });
  const { calledBack } = await createReconcileTransactions(dependencies)({});
  expect([calledBack, told.redelivered.length]).toEqual([times, times]);
  expect(told.writtenOff).toEqual(standings['transaction:t0'] === 'completed' ? ['t0'] : []);
});
