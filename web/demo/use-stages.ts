import { useEffect, useRef, useState } from 'react';
import { callApi } from '../kit/call-api.ts';
import { usePoll } from '../kit/use-poll.ts';
import type { Question, Standing } from './question.ts';

const POLL_EVERY_MS = 2_000;

export interface Stage {
  readonly stage: string;
  /** Epoch ms. */
  readonly at: number;
  readonly status?: string;
  readonly refused?: boolean;
}

export interface Progress {
  readonly stages: readonly Stage[];
  /** Undefined while it is pending. */
  readonly standing: Standing | undefined;
  /** The stream of stages can not be had; the result is asked for from time to time. */
  readonly isPolling: boolean;
}

/** Hears the stages of a question as they happen. What counts is the result, which is asked for at the end. */
export function useStages({ transactionId, eventsToken }: Question): Progress {
  const [stages, setStages] = useState<readonly Stage[]>([]);
  const [standing, setStanding] = useState<Standing>();
  const [isPolling, setPolling] = useState(false);

  const refresh = async (): Promise<void> => {
    try {
      const now = await callApi<Standing>('GET', `/demo/api/asked/${transactionId}`);
      if (now.status !== 'pending') setStanding(now);
    } catch {
      // Asked again in a moment: the stream of stages tells as little while the server is away.
      setPolling(true);
    }
  };
  const latestRefresh = useRef(refresh);
  latestRefresh.current = refresh;

  useEffect(() => {
    setStages([]);
    setStanding(undefined);
    setPolling(false);
    const query = new URLSearchParams({ events_token: eventsToken });
    const source = new EventSource(`/oauth/api/v4/authenticate/transaction/${transactionId}/events?${query}`);
    source.addEventListener('stage', (event) => {
      const stage = JSON.parse(event.data) as Stage;
      setStages((before) => [...before, stage]);
      if (stage.stage === 'settled') void latestRefresh.current();
    });
    source.addEventListener('end', () => {
      source.close();
      // Where the result can not be had now, or is not there yet, nobody else would ask for it.
      void latestRefresh.current().then(() => setPolling(true));
    });
    source.addEventListener('error', () => {
      // Otherwise the browser connects again by itself, and goes on after the last event.
      if (source.readyState === EventSource.CLOSED) setPolling(true);
    });
    return () => source.close();
  }, [transactionId, eventsToken]);

  usePoll(refresh, POLL_EVERY_MS, isPolling && !standing);
  return { stages, standing, isPolling };
}
