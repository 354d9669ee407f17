import { z } from 'zod';
import { identifier } from './identifier.ts';

/** What stands after an `@`. */
export const oneSpanDomainName = identifier.max(64).regex(/^[^@/]+$/);

const protection = z.enum(['push', 'push_with_pin', 'push_with_fingerprint']);
const keyword = z.string().regex(/^[\x21-\x7e]{1,16}$/);
const shortText = z.string().trim().min(1).max(60);
const seconds = z.number().int().min(0).max(300);

/** A domain as it is written; what is left out has the vendor's default. */
export const oneSpanDomainBody = z.strictObject({
  isDefault: z.boolean().default(false),
  applicationId: identifier.max(64),
  typeName: identifier,
  clientIds: z.array(identifier).max(100).default([]),
  requestMethod: z
    .enum(['Default', 'KeywordOnly', 'Password', 'KeywordPassword', 'PasswordKeyword', 'None'])
    .default('Default'),
  keywords: z
    .array(z.strictObject({ keyword, method: protection }))
    .min(1)
    .max(16)
    .refine((all) => new Set(all.map((one) => one.keyword)).size === all.length)
    .default([
      { keyword: 'push', method: 'push' },
      { keyword: 'NoPIN', method: 'push' },
      { keyword: 'PIN', method: 'push_with_pin' },
      { keyword: 'Fingerprint', method: 'push_with_fingerprint' },
    ]),
  transactionMethod: protection.default('push'),
  timeoutSeconds: seconds.default(60),
  challengeSeconds: seconds.default(180),
  passwordMaxAttempts: z.number().int().min(1).max(100).default(5),
  loginTitle: shortText.default('Login Request'),
  loginSubject: shortText.default('Tap here to log in'),
  loginText: z.string().trim().min(1).max(1_000).default('Do you want to log in?'),
  transactionTitle: shortText.default('Transaction Request'),
  transactionSubject: shortText.default('Tap here to confirm transaction'),
});
