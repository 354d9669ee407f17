export interface ReceivedEvent {
  readonly id: string | undefined;
  readonly event: string;
  // biome-ignore lint/suspicious/noExplicitAny: looked at field by field by the tests
  readonly data: any;
}

export interface EventStream {
  readonly status: number;
  readonly headers: Headers;
  /** Resolves with everything that came, once a message of this name or stage came or the stream has ended. */
  until(name: string): Promise<readonly ReceivedEvent[]>;
  close(): void;
}

/** Reads server-sent events as they arrive, as a browser's `EventSource` does. */
export async function openEventStream(url: string, headers: Record<string, string> = {}): Promise<EventStream> {
  const abort = new AbortController();
  const response = await fetch(url, { headers, signal: abort.signal });
  const received: ReceivedEvent[] = [];
  const text = response.body?.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]();
  let rest = '';
  return {
    status: response.status,
    headers: response.headers,
    async until(name) {
      const hasCome = () => received.some(({ event, data }) => event === name || data.stage === name);
      while (!hasCome()) {
        const next = await text?.next();
        if (!next || next.done) break;
        const blocks = (rest + next.value).split('\n\n');
        rest = blocks.pop() ?? '';
        for (const block of blocks) {
          const field = (key: string) => new RegExp(`^${key}: (.*)$`, 'm').exec(block)?.[1];
          const data = field('data');
          if (data !== undefined)
            received.push({ id: field('id'), event: field('event') ?? '', data: JSON.parse(data) });
        }
      }
      return received;
    },
    close: () => abort.abort(),
  };
}
