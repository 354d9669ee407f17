import { type FcmSimulator, startFcmSimulator } from '../../dev/fcm-simulator.ts';

export interface SimulatedFcm {
  readonly simulator: FcmSimulator;
  /** Settings of a push configuration that leads to the simulator. */
  readonly settings: string;
  /** A new registration, as an app gets it. */
  register(): Promise<string>;
  /** As if the app had been removed. */
  unregister(token: string): Promise<void>;
  /** How the next messages are answered. */
  behave(behaviour: Readonly<Record<string, unknown>>): Promise<void>;
  /** The messages that arrived on this phone. */
  // biome-ignore lint/suspicious/noExplicitAny: messages are looked at field by field by the tests
  pushesOf(token: string): Promise<readonly any[]>;
}

/** The simulated service with its remote control. */
export async function startSimulatedFcm(): Promise<SimulatedFcm> {
  const simulator = await startFcmSimulator();
  const settings = JSON.stringify({ serviceAccount: simulator.serviceAccount, endpoint: simulator.url });
  return { simulator, settings, ...controlOf(simulator) };
}

/** The remote control alone. */
export function controlOf(simulator: FcmSimulator): Omit<SimulatedFcm, 'simulator' | 'settings'> {
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
    register: async () => ((await (await call('POST', '/registrations')).json()) as { token: string }).token,
    unregister: async (token) => void (await call('DELETE', `/registrations/${encodeURIComponent(token)}`)),
    behave: async (behaviour) => void (await call('PUT', '/behaviour', behaviour)),
    async pushesOf(token) {
      const response = await call('GET', `/pushes?token=${encodeURIComponent(token)}`);
      return ((await response.json()) as { pushes: { message: unknown }[] }).pushes.map(({ message }) => message);
    },
  };
}
