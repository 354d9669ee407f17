import type { QueryFunctionContext } from '@tanstack/react-query';
import { callConsole } from './call-console.ts';

/** Reads JSON for a query; as a page that asks by itself where the query had an answer before. */
export function ask<Body>(path: string): (context: QueryFunctionContext) => Promise<Body> {
  return async ({ client, queryKey, signal }) => {
    const isByItself = client.getQueryData(queryKey) !== undefined;
    return (await callConsole<Body>('GET', path, { signal, isByItself })).body;
  };
}
