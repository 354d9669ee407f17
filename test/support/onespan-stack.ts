import { createOneSpanPortal, type OneSpanPortal } from './onespan-portal.ts';
import { createPortal, type PortalReply } from './portal.ts';
import { type Phone, type Stack, type StackOptions, startStack } from './stack.ts';

/** The static password of everybody whom {@link OneSpanStack.aUser} makes. */
export const PASSWORD = 'correct-horse';

/** The whole product with a portal of a OneSpan tenant, and what its tests begin with. */
export interface OneSpanStack extends Stack {
  readonly onespan: OneSpanPortal;
  /** A user with a phone and a static password. */
  aUser(userId: string): Promise<Phone>;
  /** Begins a login that waits for the phone, and gives its id. */
  loginOf(phone: Phone, keyword?: string): Promise<string>;
  /** What a session is told to be, whole. */
  sessionOf(requestID: string): Promise<PortalReply['body']>;
  /** What waits for this phone, as soon as its one push has come. */
  pendingOf(phone: Phone): ReturnType<Phone['client']['pending']>;
  /** A client with the same rights, of another name. */
  anotherPortal(): Promise<OneSpanPortal>;
}

export async function startOneSpanStack(options: StackOptions = {}): Promise<OneSpanStack> {
  const stack = await startStack(options);
  const onespan = createOneSpanPortal(stack.portal);
  const { knex } = stack.database;

  return Object.assign(stack, {
    onespan,
    async aUser(userId: string) {
      const phone = await stack.enrolPhone(userId);
      expect(await onespan.setPassword(userId, PASSWORD)).toMatchObject({ status: 204 });
      return phone;
    },
    async loginOf({ userId }: Phone, keyword = 'push') {
      const { status, body } = await onespan.login(userId, keyword + PASSWORD);
      const pending = { sessionStatus: 'pending', requestID: expect.any(String) };
      expect({ status, body }).toEqual({ status: 200, body: pending });
      return body.requestID;
    },
    sessionOf: async (requestID: string) => (await onespan.session(requestID)).body,
    async pendingOf({ pushToken, client }: Phone) {
      const token = encodeURIComponent(pushToken);
      const pushes = await fetch(`${stack.fcm.url}/simulator/pushes?token=${token}&waitSeconds=25`);
      expect(((await pushes.json()) as { pushes: unknown[] }).pushes).toHaveLength(1);
      return client.pending();
    },
    async anotherPortal() {
      const [row] = await knex('api_clients').where({ id: 'demo-portal' });
      await knex('api_clients').insert({ ...row, id: 'other-portal', name: 'Other portal' });
      return createOneSpanPortal(
        createPortal(stack.apiUrl, { id: 'other-portal', secret: stack.portal.credentials.secret }),
      );
    },
  });
}
