import type { CheckedClaims } from './claims-shape.ts';
import { demand, sha256Base64url, type Tell } from './does-not-hold.ts';

/** Three clocks are at work: PostgreSQL's, the Temporal server's, and the machine's that had the answer first. */
const CLOCK_TOLERANCE_MS = 60_000;

/** Whether the claims agree with each other. Tells what holds; throws {@link DoesNotHold} at the first that does not. */
export function checkClaims(claims: CheckedClaims, message: string | undefined, tell: Tell): void {
  checkOutcome(claims, tell);
  checkAnswer(claims, tell);
  checkTimes(claims, tell);
  if (message === undefined) return;
  demand(sha256Base64url(message) === claims.shown_sha256, 'shown_sha256', 'the phone was to show another message');
  tell('shown_sha256', 'the phone was to show this message');
}

function checkOutcome({ outcome: { status, by, reason } }: CheckedClaims, tell: Tell): void {
  const makers: readonly (string | undefined)[] =
    status === 'denied' ? ['user', 'operator'] : status === 'cancelled' ? ['portal', 'operator'] : [undefined];
  demand(makers.includes(by), 'outcome.by', `nothing can be ${status} by ${by ?? 'nobody'}`);
  if (status === 'failed') demand(reason !== undefined, 'outcome.reason', 'a failure has a reason');
  if (status !== 'failed' && status !== 'denied') {
    demand(reason === undefined, 'outcome.reason', `${status} has no reason`);
  }
  tell('outcome', [status, by && `by ${by}`, reason && `(${reason})`].filter(Boolean).join(' '));
}

function checkAnswer(claims: CheckedClaims, tell: Tell): void {
  const { answer, answer_sha256, outcome, method } = claims;
  demand((answer === undefined) === (answer_sha256 === undefined), 'answer_sha256', 'answer and hash go together');
  if (answer !== undefined)
    demand(sha256Base64url(answer) === answer_sha256, 'answer_sha256', 'this is not the answer’s hash');
  const isByUser = outcome.status === 'approved' || outcome.by === 'user';
  // Methods without an enrolled phone in between leave no signed answer.
  if (isByUser && method.startsWith('push')) {
    demand(answer !== undefined, 'answer', `${outcome.status} by the user, without the user’s answer`);
    demand(claims.device_pgp_fingerprint !== undefined, 'device_pgp_fingerprint', 'the key that answered is missing');
    demand(claims.device_key_thumbprint !== undefined, 'device_key_thumbprint', 'the key of the phone is missing');
    tell('answer', `the phone’s answer is there, with its hash; OpenPGP key ${claims.device_pgp_fingerprint}`);
    return;
  }
  if (!isByUser && outcome.status !== 'failed') {
    demand(answer === undefined, 'answer', `the user answered, yet the outcome is ${outcome.status} without the user`);
  }
  tell('answer', answer === undefined ? 'no answer of a phone, and none is needed' : 'the answer fits its hash');
}

function checkTimes(claims: CheckedClaims, tell: Tell): void {
  const [created, expires, settled] = [claims.created_at, claims.expires_at, claims.settled_at].map(Date.parse) as [
    number,
    number,
    number,
  ];
  const { status } = claims.outcome;
  demand(created < expires, 'expires_at', 'it expired before it began');
  demand(settled >= created - CLOCK_TOLERANCE_MS, 'settled_at', 'it ended before it began');
  if (status === 'expired') demand(settled >= expires, 'settled_at', 'it is told to be expired before its time was up');
  if (status === 'approved' || status === 'denied') {
    demand(settled < expires, 'settled_at', `it was ${status} after its time was up`);
  }
  demand(claims.iat * 1000 >= settled - CLOCK_TOLERANCE_MS, 'iat', 'the receipt was made before the transaction ended');
  tell('times', `begun ${claims.created_at}, ended ${claims.settled_at}, would have expired ${claims.expires_at}`);
}
