import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { operationsUrlOf } from '../support/operations-url.ts';
import { type Phone, type Stack, startStack } from '../support/stack.ts';

const TOKEN = 'token-of-the-metrics-0123456789';

interface Rules {
  readonly groups: readonly {
    readonly name: string;
    readonly rules: readonly {
      readonly alert: string;
      readonly expr: string;
      readonly labels: Readonly<Record<string, string>>;
      readonly annotations: Readonly<Record<string, string>>;
    }[];
  }[];
}

interface Dashboard {
  readonly uid: string;
  readonly panels: readonly { readonly title: string; readonly targets?: readonly { readonly expr: string }[] }[];
}

const rules = (parse(readFileSync('ops/prometheus/alerts.yaml', 'utf8')) as Rules).groups.flatMap(
  (group) => group.rules,
);
const dashboards = readdirSync('ops/grafana').map(
  (name) => JSON.parse(readFileSync(`ops/grafana/${name}`, 'utf8')) as Dashboard,
);

async function scrape(url: string, token = TOKEN): Promise<string> {
  const reply = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${token}` } });
  expect(reply.status).toBe(200);
  expect(reply.headers.get('content-type')).toContain('version=0.0.4');
  return reply.text();
}

/** Value of a series by the start of its line; the labels are in the order in which they are declared. */
function seriesOf(text: string, series: string): number {
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${series} `));
  return line === undefined ? Number.NaN : Number(line.slice(series.length + 1));
}

function namesOf(text: string): Set<string> {
  return new Set([...text.matchAll(/^([a-z_]+)(?:\{| )/gm)].map((match) => match[1] as string));
}

function namedIn(expression: string): string[] {
  return [...expression.matchAll(/\b(?:countersign|temporal|process|nodejs)_[a-z_]+/g)].map(([name]) => name);
}

describe('the metrics', () => {
  let stack: Stack;
  let phone: Phone;
  let worker: string;
  const user = 'mallory.metrics@example.com';

  beforeAll(async () => {
    stack = await startStack({ withSms: true, env: { METRICS_TOKEN: TOKEN, WORKER_METRICS_PORT: '0' } });
    worker = await operationsUrlOf(stack.worker);
    phone = await stack.enrolPhone(user);
    const transactionId = await stack.begin(phone);
    await phone.client.approve(await phone.client.fetchChallenge(transactionId));
    await stack.callbacks.waitFor(transactionId);
    const denied = await stack.begin(phone);
    await phone.client.deny(await phone.client.fetchChallenge(denied));
    await stack.callbacks.waitFor(denied);
    const sms = await stack.portal.begin({
      type: 'sms',
      user_id: user,
      phone_number: '+31612345678',
      message: 'Your code',
    });
    expect(sms).toMatchObject({ status: 200 });
  });
  afterAll(() => stack?.stop());

  it('are for who bears their token', async () => {
    for (const url of [stack.apiUrl, worker]) {
      for (const authorization of ['', 'Bearer wrong', `Basic ${TOKEN}`, `Bearer ${TOKEN}x`]) {
        const reply = await fetch(`${url}/metrics`, { headers: { authorization } });
        expect(reply.status).toBe(401);
        expect(await reply.text()).not.toContain('countersign_');
      }
    }
  });

  it('of an api count begins by type, method and result, time each stage, and know routes by their pattern', async () => {
    const text = await scrape(stack.apiUrl);
    expect(seriesOf(text, 'countersign_begins_total{type="push",method="push",result="ok"}')).toBe(2);
    expect(seriesOf(text, 'countersign_begins_total{type="sms",method="sms",result="ok"}')).toBe(1);
    expect(seriesOf(text, 'countersign_stage_duration_seconds_count{stage="begin",result="ok"}')).toBe(3);
    expect(seriesOf(text, 'countersign_stage_duration_seconds_count{stage="answer",result="approved"}')).toBe(1);
    expect(seriesOf(text, 'countersign_stage_duration_seconds_count{stage="answer",result="denied"}')).toBe(1);
    expect(seriesOf(text, 'countersign_http_requests_in_flight')).toBe(0);
    expect(seriesOf(text, 'countersign_audit_events_lost')).toBe(0);
    expect(text).toMatch(/countersign_http_request_duration_seconds_count\{method="POST",route="[^"]*:[a-zA-Z_]+/);
  });

  it('of a worker count outcomes, providers and callbacks, and join those of the Temporal SDK', async () => {
    const text = await scrape(worker);
    expect(seriesOf(text, 'countersign_outcomes_total{status="approved",method="push"}')).toBe(1);
    expect(seriesOf(text, 'countersign_outcomes_total{status="denied",method="push"}')).toBe(1);
    expect(seriesOf(text, 'countersign_push_duration_seconds_count{provider="fcm_http_v1",answer="ok"}')).toBe(2);
    expect(seriesOf(text, 'countersign_callback_duration_seconds_count{result="ok"}')).toBe(2);
    expect(seriesOf(text, 'countersign_transactions_pending{source="postgresql"}')).toBe(1);
    expect(seriesOf(text, 'countersign_transactions_overdue{source="postgresql"}')).toBe(0);
    expect(seriesOf(text, 'countersign_callbacks_undelivered{source="postgresql"}')).toBe(0);
    expect(seriesOf(text, 'countersign_sms_day_used{source="postgresql"}')).toBe(1);
    expect(seriesOf(text, 'countersign_figures_read')).toBe(1);
    expect(text).toMatch(/^countersign_sms_duration_seconds_count\{gateway="[^"]+",answer="ok"\} 1$/m);
    expect(text).toMatch(/^temporal_workflow_completed_total\{.*workflow_type="authenticate".*\} 2$/m);
  });

  it('tell nothing of a user', async () => {
    const enrolment = await stack.database.knex('enrolments').where({ user_id: user }).first('id');
    const text = (await scrape(stack.apiUrl)) + (await scrape(worker));
    for (const personal of [user, 'mallory', '31612345678', phone.deviceId, phone.pushToken, enrolment.id]) {
      expect(text).not.toContain(personal);
    }
  });

  it('are all there that the alerts and the dashboards name', async () => {
    const names = new Set([...namesOf(await scrape(stack.apiUrl)), ...namesOf(await scrape(worker))]);
    const expressions = [
      ...rules.map(({ expr }) => expr),
      ...dashboards.flatMap(({ panels }) => panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr))),
    ];
    expect(expressions.length).toBeGreaterThan(20);
    for (const expression of expressions) {
      expect(namedIn(expression)).not.toEqual([]);
      expect({ expression, missing: namedIn(expression).filter((name) => !names.has(name)) }).toEqual({
        expression,
        missing: [],
      });
    }
  });

  it('have alerts that say how bad it is and what to do', () => {
    const runbook = readFileSync('docs/operations.md', 'utf8');
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
    for (const { alert, labels, annotations } of rules) {
      expect(labels.severity).toMatch(/^(page|ticket)$/);
      expect(annotations.summary).toBeTruthy();
      expect(runbook).toContain(`| \`${alert}\` |`);
    }
  });
});

describe('a worker', () => {
  it('is alive and ready while it works, and says nothing else without a token', async () => {
    const stack = await startStack({ env: { WORKER_METRICS_PORT: '0' } });
    try {
      const url = await operationsUrlOf(stack.worker);
      expect(await (await fetch(`${url}/livez`)).json()).toEqual({ status: 'alive' });
      const ready = await fetch(`${url}/readyz`);
      expect([ready.status, await ready.json()]).toEqual([
        200,
        { status: 'ready', database: true, temporal: true, working: true },
      ]);
      expect((await fetch(`${url}/admin/v1/users`)).status).toBe(404);
      expect((await fetch(`${url}/livez`, { method: 'POST' })).status).toBe(404);
      // The api's port is a public one: there are no metrics without a token.
      expect((await fetch(`${stack.apiUrl}/metrics`)).status).toBe(404);
    } finally {
      await stack.stop();
    }
  });
});
