import { ZodError } from 'zod';
import type { SmsGateway, SmsGatewayConfiguration, SmsGatewayStore, SmsGateways, SmsReceipt } from '../ports.ts';
import { createConsoleSmsGateway, type Print } from './console-sms-gateway.ts';
import { createRestSmsGateway } from './rest-sms-gateway.ts';
import { createTwilioGateway, type SendSms, type TwilioGatewayOptions } from './twilio-gateway.ts';

/** A changed configuration is noticed this late at most. */
const CONFIGURATION_FRESH_MS = 1_000;

export interface SmsGatewaysOptions extends TwilioGatewayOptions {
  /** Undefined: no gateway of the kind `console` sends anything. */
  readonly print: Print | undefined;
}

interface Entry {
  readonly version: number;
  readonly gateway: SmsGateway;
  close(): Promise<void>;
}

const MISCONFIGURED: SmsReceipt = { ok: false, failure: 'misconfigured' };

/** Whatever gateways are configured, in the order of their ranks; a change is taken up without a restart. */
export function createSmsGateways(
  store: SmsGatewayStore,
  options: SmsGatewaysOptions,
): SmsGateways & { close(): Promise<void> } {
  let entries: ReadonlyMap<string, Entry> = new Map();
  let known: { readonly readAtMs: number; readonly gateways: Promise<readonly SmsGateway[]> } | undefined;

  async function read(): Promise<readonly SmsGateway[]> {
    const configurations = await store.list();
    const previous = entries;
    entries = new Map(configurations.map((found) => [found.id, keptOrNew(previous.get(found.id), found)]));
    for (const [id, entry] of previous) if (entries.get(id) !== entry) void entry.close();
    return [...entries.values()].map(({ gateway }) => gateway);
  }

  function keptOrNew(kept: Entry | undefined, configuration: SmsGatewayConfiguration): Entry {
    const { version, name } = configuration;
    if (kept?.version === version && kept.gateway.name === name) return kept;
    const { send, close } = open(configuration);
    return { version, gateway: { name, send }, close };
  }

  /** Settings that are not the kind's are a fault of the configuration, not of the message. */
  function open(configuration: SmsGatewayConfiguration): { readonly send: SendSms; close(): Promise<void> } {
    try {
      return create(configuration);
    } catch (error) {
      if (error instanceof SyntaxError || error instanceof ZodError)
        return withoutConnections(async () => MISCONFIGURED);
      throw error;
    }
  }

  function create({ kind, settings }: SmsGatewayConfiguration): { readonly send: SendSms; close(): Promise<void> } {
    switch (kind) {
      case 'twilio':
        return withoutConnections(createTwilioGateway(settings, options));
      case 'rest':
        return createRestSmsGateway(settings);
      case 'console':
        return withoutConnections(options.print ? createConsoleSmsGateway(options.print) : async () => MISCONFIGURED);
    }
  }

  return {
    inOrder() {
      if (known && Date.now() - known.readAtMs < CONFIGURATION_FRESH_MS) return known.gateways;
      const gateways = read();
      known = { readAtMs: Date.now(), gateways };
      // What could not be read is asked for anew.
      gateways.catch(() => {
        known = undefined;
      });
      return gateways;
    },
    async close() {
      await Promise.all([...entries.values()].map((entry) => entry.close()));
    },
  };
}

/** The library of Twilio ends its idle connections by itself. */
function withoutConnections(send: SendSms): { readonly send: SendSms; close(): Promise<void> } {
  return { send, close: async () => {} };
}
