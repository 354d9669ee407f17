import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { CONFIGURATION_KEYS, loadApiConfig, loadWorkerConfig } from '../../runtime/config.ts';

// What of Kubernetes' API these files use, strictly: a field that is misspelt or in the wrong place is refused.
const quantity = z.string().regex(/^\d+(m|Mi|Gi)?$/);
const meta = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,62}$/),
  namespace: z.literal('countersign').optional(),
  labels: z.record(z.string(), z.string()).optional(),
});
const labels = z.record(z.string(), z.string());
const selector = z.strictObject({ matchLabels: labels });
const probe = z.strictObject({
  httpGet: z.strictObject({ path: z.string().startsWith('/'), port: z.string() }),
  periodSeconds: z.number().int().positive(),
  timeoutSeconds: z.number().int().positive().optional(),
  failureThreshold: z.number().int().positive(),
});
const container = z.strictObject({
  name: z.string(),
  image: z.string(),
  command: z.array(z.string()).min(2),
  ports: z.array(z.strictObject({ name: z.string().max(15), containerPort: z.number().int() })).optional(),
  env: z
    .array(
      z.strictObject({
        name: z.string(),
        valueFrom: z.strictObject({ secretKeyRef: z.strictObject({ name: z.string(), key: z.string() }) }),
      }),
    )
    .optional(),
  envFrom: z
    .array(
      z.union([
        z.strictObject({ configMapRef: z.strictObject({ name: z.string() }) }),
        z.strictObject({ secretRef: z.strictObject({ name: z.string() }) }),
      ]),
    )
    .optional(),
  startupProbe: probe.optional(),
  livenessProbe: probe.optional(),
  readinessProbe: probe.optional(),
  resources: z.strictObject({
    requests: z.strictObject({ cpu: quantity, memory: quantity }),
    limits: z.strictObject({ memory: quantity }),
  }),
  securityContext: z.strictObject({
    allowPrivilegeEscalation: z.literal(false),
    readOnlyRootFilesystem: z.literal(true),
    capabilities: z.strictObject({ drop: z.tuple([z.literal('ALL')]) }),
  }),
  volumeMounts: z.array(z.strictObject({ name: z.string(), mountPath: z.string() })).optional(),
});
const pod = z.strictObject({
  metadata: z.strictObject({ labels }),
  spec: z.strictObject({
    serviceAccountName: z.literal('countersign'),
    automountServiceAccountToken: z.literal(false),
    restartPolicy: z.literal('Never').optional(),
    terminationGracePeriodSeconds: z.number().int().optional(),
    securityContext: z.strictObject({
      runAsNonRoot: z.literal(true),
      runAsUser: z.number().int().positive(),
      runAsGroup: z.number().int().positive(),
      seccompProfile: z.strictObject({ type: z.literal('RuntimeDefault') }),
    }),
    topologySpreadConstraints: z
      .array(
        z.strictObject({
          maxSkew: z.number().int().positive(),
          topologyKey: z.string(),
          whenUnsatisfiable: z.enum(['ScheduleAnyway', 'DoNotSchedule']),
          labelSelector: selector,
        }),
      )
      .optional(),
    containers: z.array(container).length(1),
    volumes: z
      .array(z.strictObject({ name: z.string(), emptyDir: z.strictObject({ sizeLimit: quantity }) }))
      .optional(),
  }),
});
const kind = <Kind extends string, Rest extends z.ZodRawShape>(apiVersion: string, name: Kind, rest: Rest) =>
  z.strictObject({ apiVersion: z.literal(apiVersion), kind: z.literal(name), metadata: meta, ...rest });

const manifest = z.discriminatedUnion('kind', [
  kind('v1', 'Namespace', {}),
  kind('v1', 'ServiceAccount', { automountServiceAccountToken: z.literal(false) }),
  kind('v1', 'ConfigMap', { data: z.record(z.string(), z.string()) }),
  kind('batch/v1', 'Job', {
    spec: z.strictObject({
      backoffLimit: z.number().int(),
      activeDeadlineSeconds: z.number().int(),
      ttlSecondsAfterFinished: z.number().int(),
      template: pod,
    }),
  }),
  kind('apps/v1', 'Deployment', {
    spec: z.strictObject({
      replicas: z.number().int().min(2),
      selector,
      strategy: z.strictObject({
        rollingUpdate: z.strictObject({ maxUnavailable: z.literal(0), maxSurge: z.number().int().positive() }),
      }),
      template: pod,
    }),
  }),
  kind('v1', 'Service', {
    spec: z.strictObject({
      selector: labels,
      ports: z.array(z.strictObject({ name: z.string(), port: z.number().int(), targetPort: z.string() })),
    }),
  }),
  kind('policy/v1', 'PodDisruptionBudget', { spec: z.strictObject({ minAvailable: z.number().int(), selector }) }),
  kind('autoscaling/v2', 'HorizontalPodAutoscaler', {
    spec: z.strictObject({
      scaleTargetRef: z.strictObject({
        apiVersion: z.literal('apps/v1'),
        kind: z.literal('Deployment'),
        name: z.string(),
      }),
      minReplicas: z.number().int().min(2),
      maxReplicas: z.number().int(),
      metrics: z.array(
        z.strictObject({
          type: z.literal('Resource'),
          resource: z.strictObject({
            name: z.literal('cpu'),
            target: z.strictObject({ type: z.literal('Utilization'), averageUtilization: z.number().int().max(100) }),
          }),
        }),
      ),
    }),
  }),
]);

const documents: unknown[] = readdirSync('ops/kubernetes').flatMap((file) =>
  parseAllDocuments(readFileSync(`ops/kubernetes/${file}`, 'utf8')).map((document) => document.toJS() as unknown),
);
const manifests = documents.map((document) => manifest.parse(document));
const deployments = manifests.filter((item) => item.kind === 'Deployment');
const configuration = manifests.find((item) => item.kind === 'ConfigMap')?.data ?? {};
const SECRETS = {
  DATABASE_URL: 'postgres://countersign:secret@postgres:5432/countersign',
  ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
  METRICS_TOKEN: 'x'.repeat(32),
};

describe('the manifests for Kubernetes', () => {
  it('refuse in this test what Kubernetes does not know', () => {
    const [first] = deployments;
    const misspelt = { ...first, spec: { ...first?.spec, replica: 3 } };
    expect(manifest.safeParse(misspelt).success).toBe(false);
    expect(manifest.safeParse(first).success).toBe(true);
  });

  it('configure processes that start, with names that exist, and hold no secret', () => {
    for (const key of Object.keys(configuration)) expect(CONFIGURATION_KEYS).toContain(key);
    for (const key of Object.keys(SECRETS)) expect(configuration).not.toHaveProperty(key);
    expect(() => loadApiConfig({ ...configuration, ...SECRETS })).not.toThrow();
    expect(() => loadWorkerConfig({ ...configuration, ...SECRETS })).not.toThrow();
    // Without a token a worker would show its metrics to the whole cluster; it does not start so.
    expect(() => loadWorkerConfig({ ...configuration, ...SECRETS, METRICS_TOKEN: '' })).toThrow('METRICS_TOKEN');
    const guide = readFileSync('docs/operations.md', 'utf8');
    for (const key of Object.keys(SECRETS)) expect(guide).toContain(`--from-literal=${key}=`);
  });

  it('run what the image has, and choose the pods they make', () => {
    expect(deployments.map(({ metadata }) => metadata.name)).toEqual(['countersign-api', 'countersign-worker']);
    for (const { spec } of [...deployments, ...manifests.filter((item) => item.kind === 'Job')]) {
      const [main] = spec.template.spec.containers;
      expect(existsSync(main?.command.at(-1) ?? '')).toBe(true);
    }
    for (const { spec } of deployments) expect(spec.template.metadata.labels).toEqual(spec.selector.matchLabels);
    const made = deployments.map(({ spec }) => JSON.stringify(spec.template.metadata.labels));
    for (const item of manifests) {
      if (item.kind === 'Service') expect(made).toContain(JSON.stringify(item.spec.selector));
      if (item.kind === 'PodDisruptionBudget') expect(made).toContain(JSON.stringify(item.spec.selector.matchLabels));
      if (item.kind === 'HorizontalPodAutoscaler') {
        expect(deployments.map(({ metadata }) => metadata.name)).toContain(item.spec.scaleTargetRef.name);
      }
    }
  });

  it('probe ports that the pods have, and give them the time they take to end', () => {
    const graceOf = (name: string) =>
      deployments.find(({ metadata }) => metadata.name === name)?.spec.template.spec.terminationGracePeriodSeconds ?? 0;
    expect(graceOf('countersign-api')).toBeGreaterThan(10 + Number(configuration.API_DRAIN_SECONDS));
    expect(graceOf('countersign-worker')).toBeGreaterThan(12);
    for (const { spec } of deployments) {
      const [main] = spec.template.spec.containers;
      const ports = main?.ports?.map(({ name }) => name) ?? [];
      for (const check of [main?.startupProbe, main?.livenessProbe, main?.readinessProbe]) {
        expect(ports).toContain(check?.httpGet.port);
      }
      expect(main?.livenessProbe?.httpGet.path).toBe('/livez');
      expect(main?.readinessProbe?.httpGet.path).toBe('/readyz');
    }
  });
});
