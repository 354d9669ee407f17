import { Counter, Histogram, type Registry } from 'prom-client';
import { boundedLabel, createRegistry, DURATION_BUCKETS } from '../runtime/metrics.ts';

const MAX_GATEWAYS = 20;

/** What a worker counts. No label has anything of a user, and each has few values. */
export interface WorkerMetrics {
  readonly registry: Registry;
  settled(status: string, method: string): void;
  pushAnswered(provider: string, answer: string, seconds: number): void;
  smsAnswered(gateway: string, answer: string, seconds: number): void;
  calledBack(result: string, seconds: number): void;
  reconciled(expired: number, calledBack: number): void;
}

export function createWorkerMetrics(): WorkerMetrics {
  const registry = createRegistry();
  const registers = [registry];
  const gatewayLabel = boundedLabel(MAX_GATEWAYS);
  const outcomes = new Counter({
    name: 'countersign_outcomes_total',
    help: 'Transactions settled, by outcome and method.',
    labelNames: ['status', 'method'],
    registers,
  });
  const reconciliations = new Counter({
    name: 'countersign_reconciled_total',
    help: 'Transactions whose workflow was gone: ended as expired, or their portal called back in its place.',
    labelNames: ['kind'],
    registers,
  });
  for (const kind of ['expired', 'called_back']) reconciliations.inc({ kind }, 0);
  const histogram = <Label extends string>(name: string, help: string, labelNames: readonly Label[]) =>
    new Histogram<Label>({ name, help, labelNames: [...labelNames], buckets: DURATION_BUCKETS, registers });
  const pushes = histogram(
    'countersign_push_duration_seconds',
    'Attempts to hand a push over, by provider and answer: ok, or the kind of failure.',
    ['provider', 'answer'],
  );
  const messages = histogram(
    'countersign_sms_duration_seconds',
    'Attempts to hand an SMS over, by gateway and answer: ok, or the kind of failure.',
    ['gateway', 'answer'],
  );
  const callbacks = histogram(
    'countersign_callback_duration_seconds',
    'Attempts to call a portal back, by result: ok, a class of status, or the kind of failure.',
    ['result'],
  );
  return {
    registry,
    settled: (status, method) => outcomes.inc({ status, method }),
    pushAnswered: (provider, answer, seconds) => pushes.observe({ provider, answer }, seconds),
    smsAnswered: (gateway, answer, seconds) => messages.observe({ gateway: gatewayLabel(gateway), answer }, seconds),
    calledBack: (result, seconds) => callbacks.observe({ result }, seconds),
    reconciled(expired, calledBack) {
      reconciliations.inc({ kind: 'expired' }, expired);
      reconciliations.inc({ kind: 'called_back' }, calledBack);
    },
  };
}
