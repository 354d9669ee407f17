import { createAuditTrail } from '../../api/audit-trail.ts';
import { createEventStore } from '../../db/events.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

describe('the audit trail', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database?.drop());

  const aTrail = (options: { deadlineMs?: number; maxUnderWay?: number } = {}) => {
    const warnings: object[] = [];
    const logger = { warn: (line: object) => void warnings.push(line) };
    return { warnings, trail: createAuditTrail(createEventStore(database.knex), logger, options) };
  };
  /** Nobody can write events until this is called. */
  const holdEvents = async () => {
    const transaction = await database.knex.transaction();
    await transaction.raw('lock table events in access exclusive mode');
    return () => transaction.rollback();
  };

  it('writes what it is given, and is done when it is written', async () => {
    const { trail } = aTrail();
    await trail.record({
      name: 'API_AUTHENTICATION_FAILED',
      userId: 'alice',
      caller: { ip: '2001:db8::7', userAgent: 'curl' },
      agentUser: 'helen',
      details: { refusal: 'x' },
    });
    const [event] = await database.knex('events');
    expect(event).toMatchObject({
      name: 'API_AUTHENTICATION_FAILED',
      user_id: 'alice',
      client_ip: '2001:db8::7',
      user_agent: 'curl',
      agent_user: 'helen',
      details: { refusal: 'x' },
    });
    expect(trail.lost).toBe(0);
  });

  it('gives up on an event that takes too long, and says which one', async () => {
    const { trail, warnings } = aTrail({ deadlineMs: 20 });
    const release = await holdEvents();
    await trail.record({ name: 'API_AUTHENTICATION_FAILED' });
    await release();
    expect(trail.lost).toBe(1);
    expect(warnings).toEqual([{ event: 'API_AUTHENTICATION_FAILED', lostEvents: 1, reason: 'too late' }]);
  });

  it('takes no more than its bound at once', async () => {
    const { trail, warnings } = aTrail({ maxUnderWay: 2 });
    const release = await holdEvents();
    const two = [trail.record({ name: 'A' }), trail.record({ name: 'B' })];
    await trail.record({ name: 'C' });
    expect(warnings).toEqual([{ event: 'C', lostEvents: 1, reason: 'too many under way' }]);
    await release();
    await Promise.all(two);
    await trail.record({ name: 'D' });
    expect(trail.lost).toBe(1);
  });

  it('counts what the database refuses', async () => {
    const { trail, warnings } = aTrail();
    await trail.record({ name: 'A', caller: { ip: 'no address', userAgent: null } });
    expect(trail.lost).toBe(1);
    expect(warnings).toEqual([{ event: 'A', lostEvents: 1, err: expect.any(Error) }]);
  });
});
