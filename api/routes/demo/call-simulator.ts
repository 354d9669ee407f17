import { AppError } from '../../../runtime/errors.ts';

const TIMEOUT_MS = 5_000;

/** Calls a simulated provider and reads JSON; `unavailable` where that fails. */
export async function callSimulator(method: 'GET' | 'POST', url: string): Promise<unknown> {
  try {
    const response = await fetch(url, { method, signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok) throw new Error(`the simulator answered ${response.status}`);
    return await response.json();
  } catch (cause) {
    throw new AppError('unavailable', undefined, { cause });
  }
}
