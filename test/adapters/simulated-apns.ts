import { type ApnsSimulator, type ApnsSimulatorOptions, startApnsSimulator } from '../../dev/apns-simulator.ts';

export interface SimulatedApns {
  readonly simulator: ApnsSimulator;
  /** Settings of a push configuration that leads to the simulator, with changes where a test wants them. */
  settings(changes?: Readonly<Record<string, unknown>>): string;
  /** A new device token, as an app gets it. */
  register(topic?: string, environment?: 'production' | 'development'): Promise<string>;
  /** As if the app had been removed. */
  unregister(token: string): Promise<void>;
  /** How the next pushes are answered. */
  behave(behaviour: Readonly<Record<string, unknown>>): Promise<void>;
  /** The pushes that arrived on this phone. */
  // biome-ignore lint/suspicious/noExplicitAny: pushes are looked at field by field by the tests
  pushesOf(token: string): Promise<readonly any[]>;
}

/** The simulated service with its remote control. */
export async function startSimulatedApns(options?: ApnsSimulatorOptions): Promise<SimulatedApns> {
  const simulator = await startApnsSimulator(options);
  const control = `${simulator.url}/simulator`;

  async function call(method: string, path: string, body?: unknown): Promise<Response> {
    const response = await fetch(control + path, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status}`);
    return response;
  }

  return {
    simulator,
    settings: (changes) => JSON.stringify({ ...JSON.parse(simulator.settings), ...changes }),
    async register(topic = 'com.example.bank', environment = 'production') {
      const reply = await call('POST', '/registrations', { topic, environment });
      return ((await reply.json()) as { token: string }).token;
    },
    unregister: async (token) => void (await call('DELETE', `/registrations/${token}`)),
    behave: async (behaviour) => void (await call('PUT', '/behaviour', behaviour)),
    async pushesOf(token) {
      const response = await call('GET', `/pushes?token=${token}`);
      return ((await response.json()) as { pushes: { message: unknown }[] }).pushes.map(({ message }) => message);
    },
  };
}
