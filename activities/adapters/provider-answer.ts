import type { PushFailure, PushRefusal } from '../ports.ts';

/** One answer that a provider may give, and what it means. */
export interface ProviderAnswer {
  /** HTTP status, or where it comes from when there is none. */
  readonly http: string;
  readonly failure: PushFailure;
  readonly meaning: string;
}

/** All answers of one provider, by our word for each; documented in docs/push-providers.md. */
export type ProviderAnswers = Readonly<Record<string, ProviderAnswer>>;

/** The refusal for one row of a table. */
export function refusalFrom<Answers extends ProviderAnswers>(
  answers: Answers,
  providerCode: keyof Answers & string,
  more: Pick<PushRefusal, 'retryAfterMs' | 'goneSinceMs'> = {},
): PushRefusal & { readonly providerCode: string } {
  return { ok: false, failure: (answers[providerCode] as ProviderAnswer).failure, providerCode, ...more };
}
