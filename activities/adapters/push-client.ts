import type { ProviderTokenStore, PushAttempt, PushMessage, PushReceipt } from '../ports.ts';

/** Connections to one provider with one set of credentials. */
export interface PushClient {
  /** Refusals and broken connections are values; it throws only for bugs. It never tries again by itself. */
  send(push: PushMessage, attempt: PushAttempt): Promise<PushReceipt>;
  /** Has the provider check credentials, and the push token where one is given, without sending anything. */
  dryRun?(pushToken: string | undefined, withinMs: number): Promise<PushReceipt>;
  /** Waits for what is under way. */
  close(): Promise<void>;
}

/** What clients need beside their settings. */
export interface PushClientDependencies {
  /** Longest that one push may take, ms. */
  readonly timeoutMs: number;
  /** Proxy of the installation, `http://user:password@host:port`; a configuration may name its own. */
  readonly proxyUrl?: string | undefined;
  /** What all workers share of APNs' provider tokens; without it each client has its own, as fits one process. */
  readonly providerTokens?: ProviderTokenStore | undefined;
}

/** Whether settings can be used, and if not, what is wrong with them: fields by name, never their values. */
export type SettingsCheck = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** One provider as the rest of the product sees it. */
export interface PushProviderAdapter {
  /** Throws `SyntaxError` or `ZodError` for settings that are not this provider's. */
  createClient(settingsJson: string, dependencies: PushClientDependencies): PushClient;
  /** Looks at settings without calling anybody. */
  checkSettings(settings: unknown): SettingsCheck;
}
