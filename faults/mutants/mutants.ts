/** One place of the code, and what it is turned into. */
export interface Edit {
  readonly file: string;
  /** Stands there exactly once. */
  readonly from: string;
  readonly to: string;
}

/** Errors that this kind of system is known for; a run that does not notice them proves nothing. */
export const MUTANTS: Readonly<Record<string, readonly Edit[]>> = {
  'the callback is not retried by the workflow': [
    {
      file: 'activities/conclude-transaction.ts',
      from: 'isCalledBack: delivered',
      to: 'isCalledBack: delivered || true',
    },
  ],
  // As where the proof is judged between the two.
  'attempts are read, then written': [
    {
      file: 'db/charge-pin.ts',
      from: '  const [charge] = await rows<Charge>(',
      to: [
        '  const [before] = await rows<{ used: number }>(',
        '    database,',
        "    'select pin_failures as used from enrolments where id = ?',",
        '    [enrolmentId],',
        '  );',
        '  const used = Number(before?.used);',
        '  await new Promise((resolve) => setTimeout(resolve, 100));',
        '  const [charge] = await rows<Charge>(',
      ].join('\n'),
    },
    {
      file: 'db/charge-pin.ts',
      from: 'else e.pin_failures + 1 end from allowed\n        where e.id = allowed.id and e.pin_failures < allowed.max',
      to: `else \${used} + 1 end from allowed\n        where e.id = allowed.id and \${used} < allowed.max`,
    },
  ],
  'a resend restarts the time to live': [
    {
      file: 'workflows/running-transaction.ts',
      from: '    state = moved.state;\n    const step',
      to: '    state = moved.state;\n    Object.assign(rules, { deadlineMs: Date.now() + policy.timeToLiveMs });\n    const step',
    },
    {
      file: 'workflows/running-transaction.ts',
      from: '  return {\n    get state() {',
      to: '  return {\n    get deadlineMs() {\n      return rules.deadlineMs;\n    },\n    get state() {',
    },
    {
      file: 'workflows/authenticate.ts',
      from: '      else await transaction.expire();',
      to: '      else {\n        await sleep(Math.max(1, transaction.deadlineMs - Date.now()));\n        await transaction.expire();\n      }',
    },
  ],
  'the portal is called back before the outcome is written': [
    {
      file: 'activities/conclude-transaction.ts',
      from: '    const { outcome, answerSha256, isNew } = await settleTransaction(settlement);',
      to: [
        '    if (callbackUri !== null) {',
        '      await attemptCallback({ transactionId: settlement.transactionId, callbackUri, mayHaveBeenCalled: true });',
        '    }',
        '    const { outcome, answerSha256, isNew } = await settleTransaction(settlement);',
      ].join('\n'),
    },
  ],
  'the same answer sent again is another answer': [
    {
      file: 'api/transactions.ts',
      from: 'updateId: answerUpdateIdOf(message.answerSha256)',
      to: 'updateId: answerUpdateIdOf(message.answerSha256 + Math.random())',
    },
    {
      file: 'db/charge-pin.ts',
      from: '[enrolmentId, sha256, transactionId, isRight],',
      to: '[enrolmentId, sha256 + Math.random(), transactionId, isRight],',
    },
  ],
};
