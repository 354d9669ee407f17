import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ConsoleRefusal } from './call-console.ts';

const MAX_RETRIES = 2;
/** For so long an answer is shown again without asking. */
const FRESH_MS = 2_000;

/** Where the session lies among the answers. */
export const SESSION_KEY = ['session'] as const;

/** What the pages keep of the server's answers. Whatever hears that the session has ended has it looked at. */
export function createQueryClient(): QueryClient {
  const onError = (error: Error): void => {
    if (isLoggedOut(error) && client.getQueryState(SESSION_KEY)?.error === null) {
      void client.invalidateQueries({ queryKey: SESSION_KEY });
    }
  };
  const client = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: FRESH_MS,
        retry: (failures, error) => failures < MAX_RETRIES && isPassing(error),
        networkMode: 'always',
      },
      mutations: { networkMode: 'always' },
    },
  });
  return client;
}

/** True where it is said that nobody is logged in. */
export function isSessionEnd(error: unknown): error is ConsoleRefusal {
  return error instanceof ConsoleRefusal && error.code === 'session_required';
}

/** Whoever shows no session at all is told of credentials. */
function isLoggedOut(error: unknown): boolean {
  return isSessionEnd(error) || (error instanceof ConsoleRefusal && error.code === 'client_unauthenticated');
}

function isPassing(error: unknown): boolean {
  return error instanceof ConsoleRefusal && (error.status === 0 || error.status === 503);
}
