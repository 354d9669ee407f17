import { QueryClientProvider } from '@tanstack/react-query';
import { useState } from 'react';
import { Router } from 'wouter';
import { mayLeave } from './configuration/use-leave-warning.ts';
import { createQueryClient } from './query-client.ts';
import { Screens } from './screens.tsx';
import { SessionGate } from './shell/session-gate.tsx';
import { Shell } from './shell/shell.tsx';

/** What operators see and do, by its addresses under `/console`. */
export function ConsoleApp() {
  const [client] = useState(createQueryClient);
  return (
    <QueryClientProvider client={client}>
      <Router base="/console" aroundNav={(navigate, to, options) => mayLeave() && navigate(to, options)}>
        <SessionGate>
          <Shell>
            <Screens />
          </Shell>
        </SessionGate>
      </Router>
    </QueryClientProvider>
  );
}
