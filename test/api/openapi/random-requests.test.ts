import { createHash } from 'node:crypto';
import { Agent, request } from 'node:http';
import fc from 'fast-check';
import { describedSurfaces } from '../../support/api-description.ts';
import { type RandomRequest, randomRequest } from '../../support/random-request.ts';
import { createRawPhone, type RawPhone } from '../../support/raw-phone.ts';
import { type Stack, startStack } from '../../support/stack.ts';

const SEED = 20_261_124;
const SLICES = 10;
const BATCHES = 50;
const AT_ONCE = 10;

const operations = describedSurfaces().flatMap((surface) => surface.operations);
const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
let stack: Stack;
let phone: RawPhone;

beforeAll(async () => {
  stack = await startStack();
  phone = await createRawPhone(stack.apiUrl, await stack.enrolPhone('somebody'));
});
afterAll(async () => {
  agent.destroy();
  await stack?.stop();
});

describe('random requests at every route find no fault of the server', () => {
  it.each(Array.from({ length: SLICES }, (_, slice) => SEED + slice))(
    `${BATCHES * AT_ONCE} with the seed %d`,
    async (seed) => {
      const batch = fc.array(randomRequest(operations), { minLength: AT_ONCE, maxLength: AT_ONCE });
      await fc.assert(
        fc.asyncProperty(batch, async (requests) => {
          const replies = await Promise.all(requests.map(send));
          expect(replies.filter(isFault).map(tell)).toEqual([]);
        }),
        { numRuns: BATCHES, seed, endOnFailure: true },
      );
    },
  );

  it('and leave nothing in the log that looks like breakage', async () => {
    expect(stack.api.output()).not.toMatch(/request failed/);
    expect((await stack.portal.request('GET', '/readyz')).body).toMatchObject({ status: 'ready' });
  });
});

interface Reply {
  readonly sent: RandomRequest;
  readonly status: number;
  readonly body: string;
}

/** A bulk deletion in which some ids are no device is a 500 by the vendor's contract. */
function isFault({ status, body }: Reply): boolean {
  return (status >= 500 && !body.includes('not_all_devices_deleted')) || /\bat .*\.ts/.test(body);
}

function tell({ sent, status, body }: Reply): string {
  const { method, address, headers, credential } = sent;
  const text = sent.body?.toString('latin1').slice(0, 500);
  return `${method} ${address} ${JSON.stringify(headers)} ${credential} ${text}: ${status} ${body.slice(0, 300)}`;
}

async function send(sent: RandomRequest): Promise<Reply> {
  const { method, address, headers, body } = sent;
  const credentials = await credentialsOf(sent);
  return new Promise((resolve, reject) => {
    const outgoing = request(
      stack.apiUrl,
      { method, path: address, agent, headers: { ...headers, ...credentials, ...lengthOf(body) } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({ sent, status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('latin1') }),
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** Said for every method; without it the body of a GET would be taken for the next request. */
function lengthOf(body: Buffer | undefined): Record<string, string> {
  return body ? { 'content-length': String(body.length) } : {};
}

async function credentialsOf({ credential, method, address, body }: RandomRequest): Promise<Record<string, string>> {
  if (credential === 'none') return {};
  if (credential === 'bad') {
    const authorization = `Basic ${Buffer.from('nobody%00:\u00ff').toString('base64')}`;
    return { authorization, 'device-proof': 'a.b.c' };
  }
  // The phone is to stay enrolled.
  if (address.startsWith('/device/v1/') && !address.startsWith('/device/v1/enrolment')) {
    const body_sha256 = createHash('sha256')
      .update(body ?? '')
      .digest('base64url');
    const [path = ''] = address.split('?');
    return { 'device-proof': await phone.proof(method, path, '', { claims: { body_sha256 } }) };
  }
  const { id, secret } = stack.portal.credentials;
  return { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` };
}
