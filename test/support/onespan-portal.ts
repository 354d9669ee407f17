import { createReplyCheck } from './described-replies.ts';
import type { Portal, PortalReply } from './portal.ts';

/**
 * A portal that was written for a OneSpan tenant: its calls, with nothing of ours but the credentials. Each reply is held
 * to the API's description; one that does not fit throws.
 */
export interface OneSpanPortal {
  login(user: string, passKey: string, more?: object): Promise<PortalReply>;
  validate(user: string, fields: Readonly<Record<string, string>>, more?: object): Promise<PortalReply>;
  session(requestID: string): Promise<PortalReply>;
  /** Sets a static password, as an administrator does. */
  setPassword(user: string, staticPassword: string): Promise<PortalReply>;
  putDomain(name: string, domain: object): Promise<PortalReply>;
  post(path: string, body: object): Promise<PortalReply>;
  get(path: string): Promise<PortalReply>;
}

export function createOneSpanPortal(portal: Portal): OneSpanPortal {
  const misfitsOf = createReplyCheck();
  const request = async (method: string, path: string, init: RequestInit = {}): Promise<PortalReply> => {
    const reply = await portal.request(method, path, init);
    const misfits = misfitsOf(method, path, reply);
    if (misfits.length > 0) throw new Error(`not as described: ${misfits.join('; ')}`);
    return reply;
  };
  const send = (method: string, path: string, body: object): Promise<PortalReply> =>
    request(method, path, { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
  const post = (path: string, body: object) => send('POST', path, body);
  const get = (path: string) => request('GET', path);
  const of = (user: string) => `/v1/users/${encodeURIComponent(user)}`;

  return {
    post,
    get,
    login: (user, passKey, more = {}) =>
      post(`${of(user)}/login`, {
        objectType: 'LoginInput',
        credentials: { passKey },
        orchestrationDelivery: ['pushNotification'],
        timeout: 0,
        ...more,
      }),
    validate: (user, fields, more = {}) =>
      post(`${of(user)}/transactions/validate`, {
        objectType: 'TransactionValidationInput',
        data: {
          transactionMessage: {
            dataFields: Object.entries(fields).map(([key, text]) => ({ key: { text: key }, value: { text } })),
          },
        },
        orchestrationDelivery: ['pushNotification'],
        timeout: 0,
        ...more,
      }),
    session: (requestID) => get(`/v1/sessions/${requestID}`),
    setPassword: (user, staticPassword) =>
      send('PUT', `/admin/v1/users/${encodeURIComponent(user)}/static-password`, { staticPassword }),
    putDomain: (name, domain) => send('PUT', `/admin/v1/onespan-domains/${encodeURIComponent(name)}`, domain),
  };
}
