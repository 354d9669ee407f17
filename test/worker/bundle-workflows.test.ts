import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { bundleWorkflows } from '../../worker/bundle-workflows.ts';

it('gives the workflows as one script, the same as the bundler makes it, again and again', async () => {
  const [first, second] = [await bundleWorkflows(), await bundleWorkflows()];
  const options = { maxBuffer: 32 * 1024 * 1024 };
  const { stdout: fresh } = await promisify(execFile)(process.execPath, ['worker/print-workflow-bundle.ts'], options);
  expect(first.code).toContain('./workflows/authenticate.ts');
  expect(first.code).toContain('failure-converter.cjs');
  expect(second.code === first.code).toBe(true);
  expect(fresh === first.code).toBe(true);
});
