import type { AnswerMessage, AnswerVerdict, CodeMessage, CodeVerdict, Ending, ResendVerdict } from './contract.ts';
import type { Canceller, DenialReason } from './domain/transaction.ts';

type Reply<Value> = (value: Value) => void;

/** The reply to a sender that can not be answered: the sender of a signal. */
export const unheard = (): void => {};

/** One request to a running transaction, with the way to answer it. */
export type Letter =
  | {
      readonly kind: 'answer';
      readonly message: AnswerMessage;
      /** When it counts as given. */
      readonly givenAtMs: number;
      readonly reply: Reply<AnswerVerdict>;
    }
  | {
      readonly kind: 'code';
      readonly message: CodeMessage;
      /** When it counts as given. */
      readonly givenAtMs: number;
      readonly reply: Reply<CodeVerdict>;
    }
  | { readonly kind: 'resend'; readonly reply: Reply<ResendVerdict> }
  | { readonly kind: 'cancel'; readonly by: Canceller; readonly reply: Reply<Ending> }
  | {
      readonly kind: 'deny';
      readonly reason: DenialReason | undefined;
      readonly reply: Reply<Ending>;
    };

/** Requests lie here in the order they came and are served one at a time: that is what makes the first decision the first. */
export interface Mailbox {
  readonly hasLetters: boolean;
  take(): Letter | undefined;
  /** Resolves with the reply once the letter was served. */
  ask<Value>(letterWith: (reply: Reply<Value>) => Letter): Promise<Value>;
  post(letter: Letter): void;
  /** From now on nothing waits: what lies here and what comes goes straight to `serve`. */
  divert(serve: (letter: Letter) => void): void;
}

export function createMailbox(): Mailbox {
  const letters: Letter[] = [];
  let deliver = (letter: Letter): void => void letters.push(letter);
  return {
    get hasLetters() {
      return letters.length > 0;
    },
    take: () => letters.shift(),
    ask: (letterWith) => new Promise((resolve) => deliver(letterWith(resolve))),
    post: (letter) => deliver(letter),
    divert(serve) {
      deliver = serve;
      for (const letter of letters.splice(0)) serve(letter);
    },
  };
}
