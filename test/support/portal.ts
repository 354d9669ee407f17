/** A portal: speaks the vendor's API as a customer's code would, with nothing of ours but `fetch`. */
export interface PortalReply {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: replies are looked at field by field by the tests
  readonly body: any;
}

export interface Portal {
  readonly credentials: { readonly id: string; readonly secret: string };
  begin(form: Readonly<Record<string, string>>, headers?: Readonly<Record<string, string>>): Promise<PortalReply>;
  result(transactionId: string): Promise<PortalReply>;
  cancel(transactionId: string): Promise<PortalReply>;
  resend(userId: string, transactionId: string): Promise<PortalReply>;
  available(userId: string): Promise<PortalReply>;
  ticket(userId: string): Promise<PortalReply>;
  request(method: string, path: string, init?: RequestInit): Promise<PortalReply>;
}

const API = '/oauth/api/v4/authenticate';

export function createPortal(apiUrl: string, credentials: { readonly id: string; readonly secret: string }): Portal {
  const basic = `Basic ${Buffer.from(
    `${encodeURIComponent(credentials.id)}:${encodeURIComponent(credentials.secret)}`,
  ).toString('base64')}`;

  async function request(method: string, path: string, init: RequestInit = {}): Promise<PortalReply> {
    const headers = { authorization: basic, ...(init.headers as Record<string, string> | undefined) };
    const response = await fetch(apiUrl + path, { ...init, method, headers });
    const text = await response.text();
    const isJson = /[/+]json\b/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  }

  return {
    credentials,
    request,
    begin: (form, headers = {}) => request('POST', `${API}/user`, { body: new URLSearchParams(form), headers }),
    result: (transactionId) => request('GET', `${API}/transaction/${transactionId}`),
    cancel: (transactionId) => request('DELETE', `${API}/transaction/${transactionId}`),
    resend: (userId, transactionId) =>
      request('POST', `${API}/user/${encodeURIComponent(userId)}/push/resend`, {
        body: new URLSearchParams({ transaction_id: transactionId }),
      }),
    available: (userId) => request('GET', `${API}/user/${encodeURIComponent(userId)}/enabled`),
    ticket: (userId) =>
      request('POST', '/admin/v1/enrolment-tickets', {
        body: JSON.stringify({ userId, applicationId: 'demo-app' }),
        headers: { 'content-type': 'application/json' },
      }),
  };
}
