import { createRequire } from 'node:module';
import {
  Client,
  Connection,
  defaultGrpcRetryOptions,
  isGrpcServiceError,
  makeGrpcRetryInterceptor,
} from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import type { NativeConnectionOptions } from '@temporalio/worker';
import type { TemporalConfig } from './config.ts';
import { createPayloadCodec } from './payload-codec.ts';

/** Of the module that the SDK loads in workflows, to encode failures. */
export const FAILURE_CONVERTER_PATH = createRequire(import.meta.url).resolve('./failure-converter.cjs');

/** What client and worker agree on: everything is encrypted, failures included. */
export function dataConverterFor(config: Pick<TemporalConfig, 'ENCRYPTION_KEYS'>): DataConverter {
  return {
    failureConverterPath: FAILURE_CONVERTER_PATH,
    payloadCodecs: [createPayloadCodec(config.ENCRYPTION_KEYS)],
  };
}

/** Address, TLS and API key, in the form both kinds of connection take. */
export function connectionOptionsFor(config: TemporalConfig): NativeConnectionOptions {
  const { TEMPORAL_TLS_CA: ca, TEMPORAL_TLS_CERT: crt, TEMPORAL_TLS_KEY: key } = config;
  return {
    address: config.TEMPORAL_ADDRESS,
    // Nearly all we send is encrypted, and so does not shrink.
    grpcCompression: { codec: 'none' },
    tls: config.TEMPORAL_TLS && {
      ...(ca && { serverRootCACertificate: Buffer.from(ca) }),
      ...(crt && key && { clientCertPair: { crt: Buffer.from(crt), key: Buffer.from(key) } }),
    },
    ...(config.TEMPORAL_API_KEY && { apiKey: config.TEMPORAL_API_KEY }),
  };
}

/** A client that needs no server to be made, fails fast, and is back as soon as the server is. */
export function createTemporalClient(config: TemporalConfig): Client {
  const { address, tls, apiKey } = connectionOptionsFor(config);
  const connection = Connection.lazy({
    ...(address && { address }),
    tls: tls ?? false,
    ...(typeof apiKey === 'string' && { apiKey }),
    connectTimeout: 2_000,
    // grpc-js would otherwise wait up to two minutes before it tries a lost server again.
    channelArgs: {
      'grpc.initial_reconnect_backoff_ms': 100,
      'grpc.max_reconnect_backoff_ms': 500,
      // A server that comes back in a new container has a new address.
      'grpc.dns_min_time_between_resolutions_ms': 500,
    },
    interceptors: [makeGrpcRetryInterceptor(defaultGrpcRetryOptions({ maxAttempts: 5 }))],
  });
  return new Client({ connection, namespace: config.TEMPORAL_NAMESPACE, dataConverter: dataConverterFor(config) });
}

/** The server's own word for why a call failed, or undefined when the failure is not the server's. */
export function grpcStatusOf(error: unknown): number | undefined {
  if (isGrpcServiceError(error)) return error.code;
  const cause = (error as { cause?: unknown } | null)?.cause;
  return cause === undefined ? undefined : grpcStatusOf(cause);
}
