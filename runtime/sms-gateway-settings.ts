import { z } from 'zod';

/* Settings of SMS gateways: the administration checks them when they are saved, the adapters read them. */

/** Of Twilio. */
export const twilioSettings = z.object({
  accountSid: z.string().regex(/^AC[0-9a-f]{32}$/),
  /** Also signs what Twilio reports, so it is needed beside an API key too. */
  authToken: z.string().min(1),
  /** An API key to send with, in place of the account's own token. */
  apiKeySid: z
    .string()
    .regex(/^SK[0-9a-f]{32}$/)
    .optional(),
  apiKeySecret: z.string().min(1).optional(),
  /** Chooses the sender where none is given. */
  messagingServiceSid: z
    .string()
    .regex(/^MG[0-9a-f]{32}$/)
    .optional(),
  /** Origin of the service. */
  endpoint: z.url({ protocol: /^https?$/ }).optional(),
});

/** Of an operator's own gateway. */
export const restGatewaySettings = z
  .object({
    /** May lead into a private network: the operator names it, not a portal. */
    url: z.url({ protocol: /^https?$/ }),
    username: z.string().min(1).optional(),
    password: z.string().min(1).optional(),
  })
  .refine(({ username, password }) => (username === undefined) === (password === undefined));

/** Of the console: there is nothing to set. */
export const consoleGatewaySettings = z.object({});

/** By kind of gateway. */
export const SMS_GATEWAY_SETTINGS = {
  twilio: twilioSettings,
  rest: restGatewaySettings,
  console: consoleGatewaySettings,
} as const satisfies Record<string, z.ZodType>;
