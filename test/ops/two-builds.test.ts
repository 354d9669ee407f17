import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { loadWorkerConfig } from '../../runtime/config.ts';
import { startProcess, type TestProcess } from '../support/child.ts';
import { type Phone, type Stack, startStack } from '../support/stack.ts';

const run = promisify(execFile);

describe('two builds side by side', () => {
  const deployment = `test-${randomBytes(4).toString('hex')}`;
  let stack: Stack;
  let phone: Phone;
  let second: TestProcess;

  /** Refused until Temporal has seen a worker of the build. */
  async function makeCurrent(build: string): Promise<void> {
    for (;;) {
      const done = await run(process.execPath, ['worker/use-build.ts', build], {
        env: { PATH: process.env.PATH, ...stack.env },
      }).catch(() => undefined);
      if (done) return;
    }
  }

  const buildOf = async (transactionId: string): Promise<string | null | undefined> => {
    const { raw } = await stack.temporal.workflow.getHandle(`transaction:${transactionId}`).describe();
    return raw.workflowExecutionInfo?.versioningInfo?.deploymentVersion?.buildId;
  };

  /** A begin is refused until the word of the current build has reached every part of Temporal. */
  async function beginWith(build: string): Promise<string> {
    for (;;) {
      const reply = await stack.portal.begin({
        type: 'push',
        user_id: phone.userId,
        device_id: phone.deviceId,
        callback_uri: stack.callbacks.url,
        message: 'Log in?',
      });
      if (reply.status === 200 && (await buildOf(reply.body.transaction_id)) === build) {
        return reply.body.transaction_id;
      }
    }
  }

  const approve = async (transactionId: string) =>
    phone.client.approve(await phone.client.fetchChallenge(transactionId));

  beforeAll(async () => {
    stack = await startStack({ env: { WORKER_DEPLOYMENT_NAME: deployment, WORKER_BUILD_ID: 'one' } });
    phone = await stack.enrolPhone('alice');
    await makeCurrent('one');
  }, 180_000);
  afterAll(async () => {
    await second?.stop();
    await stack?.stop();
  });

  it('what one began it ends, what begins goes to the current one, and back', async () => {
    const first = await beginWith('one');
    second = await startProcess('worker/main.ts', { ...stack.env, WORKER_BUILD_ID: 'two' });
    await makeCurrent('two');
    const next = await beginWith('two');

    expect(await approve(first)).toEqual({ status: 'approved' });
    expect(await approve(next)).toEqual({ status: 'approved' });
    expect([await buildOf(first), await buildOf(next)]).toEqual(['one', 'two']);

    // Back to the first build; what the second one began stays with it.
    const ofSecond = await beginWith('two');
    await makeCurrent('one');
    const again = await beginWith('one');
    expect(await approve(ofSecond)).toEqual({ status: 'approved' });
    expect(await approve(again)).toEqual({ status: 'approved' });
    expect(await buildOf(ofSecond)).toBe('two');
    for (const id of [first, next, ofSecond, again]) expect(await stack.callbacks.waitFor(id)).toHaveLength(1);
  }, 180_000);

  it('are named wholly or not at all', () => {
    const { WORKER_BUILD_ID: _build, ...env } = stack.env;
    expect(() => loadWorkerConfig(env)).toThrow('WORKER_BUILD_ID');
  });
});
