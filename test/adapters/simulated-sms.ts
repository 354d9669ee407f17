import { type SmsGatewaySimulator, startSmsGatewaySimulator } from '../../dev/sms-gateway-simulator.ts';
import { SIMULATED_NUMBER } from '../../dev/twilio-simulator/twilio-account.ts';
import { startTwilioSimulator, type TwilioSimulator } from '../../dev/twilio-simulator.ts';

/** The remote control of a simulated service. */
export interface SmsControl {
  behave(behaviour: Readonly<Record<string, unknown>>): Promise<void>;
  /** What was sent to a number, in order. */
  // biome-ignore lint/suspicious/noExplicitAny: messages are looked at field by field by the tests
  sentTo(to: string): Promise<readonly any[]>;
  /** Resolves with the messages to a number once there is one. */
  // biome-ignore lint/suspicious/noExplicitAny: messages are looked at field by field by the tests
  waitFor(to: string): Promise<readonly any[]>;
}

export interface SimulatedTwilio extends SmsControl {
  readonly simulator: TwilioSimulator;
  /** Settings of a gateway that leads to the simulator. */
  readonly settings: string;
}

export interface SimulatedRest extends SmsControl {
  readonly simulator: SmsGatewaySimulator;
  readonly settings: string;
}

export const OUR_NUMBER = SIMULATED_NUMBER;

/** The remote control of what listens there. */
export function controlOf(origin: string): SmsControl {
  const list = async (to: string, waitSeconds: number) => {
    const response = await fetch(
      `${origin}/simulator/messages?to=${encodeURIComponent(to)}&waitSeconds=${waitSeconds}`,
    );
    return ((await response.json()) as { messages: readonly unknown[] }).messages;
  };
  return {
    async behave(behaviour) {
      const response = await fetch(`${origin}/simulator/behaviour`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(behaviour),
      });
      if (!response.ok) throw new Error(`the behaviour was refused: ${await response.text()}`);
    },
    sentTo: (to) => list(to, 0),
    waitFor: (to) => list(to, 25),
  };
}

export async function startSimulatedTwilio(): Promise<SimulatedTwilio> {
  const simulator = await startTwilioSimulator();
  const { accountSid, authToken } = simulator.account;
  const settings = JSON.stringify({ accountSid, authToken, endpoint: simulator.url });
  return { simulator, settings, ...controlOf(simulator.url) };
}

export async function startSimulatedRest(): Promise<SimulatedRest> {
  const simulator = await startSmsGatewaySimulator();
  const { url, username, password } = simulator;
  return { simulator, settings: JSON.stringify({ url, username, password }), ...controlOf(simulator.origin) };
}
