import { createServer, type RequestListener, type Server } from 'node:http';

/** What one caller may take of the process before any of our code runs. */
export interface HttpLimits {
  /** Of all headers of a request together; a phone's proof takes some 700 bytes. */
  readonly maxHeaderBytes: number;
  readonly maxHeaders: number;
  /** Until all headers are there. */
  readonly headersTimeoutMs: number;
  /** Until the whole request is there. */
  readonly requestTimeoutMs: number;
  /** Without a request on an open connection; longer than load balancers keep theirs, so that they close first. */
  readonly keepAliveTimeoutMs: number;
  /** From one look at what has run out of time to the next. */
  readonly checkEveryMs: number;
}

export const HTTP_LIMITS: HttpLimits = {
  maxHeaderBytes: 16 * 1_024,
  maxHeaders: 100,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 20_000,
  keepAliveTimeoutMs: 65_000,
  checkEveryMs: 1_000,
};

/**
 * An HTTP server that gives nobody unlimited time or room. A request that two parsers could read differently (RFC 9112,
 * 6.3) is a 400 and the end of its connection; connections beyond `maxConnections` are closed at once.
 */
export function createHttpServer(listener: RequestListener, maxConnections: number, limits = HTTP_LIMITS): Server {
  const server = createServer(
    {
      maxHeaderSize: limits.maxHeaderBytes,
      headersTimeout: limits.headersTimeoutMs,
      requestTimeout: limits.requestTimeoutMs,
      keepAliveTimeout: limits.keepAliveTimeoutMs,
      connectionsCheckingInterval: limits.checkEveryMs,
      insecureHTTPParser: false,
      requireHostHeader: true,
    },
    listener,
  );
  server.maxHeadersCount = limits.maxHeaders;
  server.maxConnections = maxConnections;
  return server;
}
