import type { Request } from 'express';
import { isStorable } from '../runtime/storable-text.ts';
import { clientIdOfAssertion } from './client-assertion.ts';

/** What a request shows of its client. */
export type ClientCredentials =
  | { readonly kind: 'secret'; readonly clientId: string; readonly secret: string }
  | { readonly kind: 'assertion'; readonly clientId: string; readonly assertion: string };

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const MAX_ASSERTION_LENGTH = 8_192;

/**
 * The one set of credentials of a request: HTTP Basic; `client_id` and `client_secret`, or `client_assertion` with its
 * type, in a form (RFC 6749, 2.3 and RFC 7523, 2.2); or, as most requests have no form, the assertion as a bearer token.
 * Undefined where there is none, or more than one.
 */
export function credentialsOf(request: Request): ClientCredentials | undefined {
  const credentials = shownCredentials(request);
  // An id that can not be stored is nobody's, and could not even be looked for.
  return credentials && isStorable(credentials.clientId) ? credentials : undefined;
}

function shownCredentials(request: Request): ClientCredentials | undefined {
  const header = request.get('authorization');
  const form = (request.body ?? {}) as Record<string, unknown>;
  const isInForm = typeof form.client_secret === 'string' || typeof form.client_assertion === 'string';
  if (header !== undefined) return isInForm ? undefined : credentialsOfHeader(header);
  const { client_id: clientId, client_secret: secret, client_assertion: assertion } = form;
  if (typeof assertion === 'string') {
    if (form.client_assertion_type !== ASSERTION_TYPE || secret !== undefined) return undefined;
    const named = credentialsOfAssertion(assertion);
    return clientId === undefined || clientId === named?.clientId ? named : undefined;
  }
  return typeof clientId === 'string' && typeof secret === 'string' ? { kind: 'secret', clientId, secret } : undefined;
}

function credentialsOfHeader(header: string): ClientCredentials | undefined {
  const assertion = /^bearer ([\w.-]+)$/i.exec(header)?.[1];
  if (assertion !== undefined) return credentialsOfAssertion(assertion);
  const encoded = /^basic ([A-Za-z0-9+/=]{1,2048})$/i.exec(header)?.[1];
  return encoded === undefined ? undefined : basicCredentials(encoded);
}

function credentialsOfAssertion(assertion: string): ClientCredentials | undefined {
  if (assertion.length > MAX_ASSERTION_LENGTH) return undefined;
  const clientId = clientIdOfAssertion(assertion);
  return clientId === undefined ? undefined : { kind: 'assertion', clientId, assertion };
}

function basicCredentials(encoded: string): ClientCredentials | undefined {
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const separator = text.indexOf(':');
  if (separator < 1) return undefined;
  try {
    const clientId = formDecode(text.slice(0, separator));
    return { kind: 'secret', clientId, secret: formDecode(text.slice(separator + 1)) };
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

/** Both parts are form-encoded before they are joined. */
function formDecode(text: string): string {
  return decodeURIComponent(text.replace(/\+/g, ' '));
}
