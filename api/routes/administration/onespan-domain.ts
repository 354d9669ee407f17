import type { RequestHandler } from 'express';
import { z } from 'zod';
import { AppError } from '../../../runtime/errors.ts';
import { isStorable } from '../../../runtime/storable-text.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { identifier } from '../../identifier.ts';
import { parse } from '../../parse.ts';

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

/** What stands after an `@`. */
const domainName = identifier.max(64).regex(/^[^@/]+$/);

/** `GET /admin/v1/onespan-domains/{name}`. */
export function readOneSpanDomain({ oneSpanDomains }: ApiDependencies): RequestHandler {
  return async (request, response) => {
    const name = request.params.name as string;
    const domain = isStorable(name) ? await oneSpanDomains.find(name) : undefined;
    if (!domain) throw new AppError('route_unknown');
    response.json(domain);
  };
}

/** `PUT /admin/v1/onespan-domains/{name}`: creates or replaces, and counts from the next request on. 200 with what is stored. */
export function putOneSpanDomain({ oneSpanDomains }: ApiDependencies): RequestHandler {
  return async (request, response) => {
    const name = parse(z.object({ name: domainName }), request.params).name;
    const domain = { name, ...parse(oneSpanDomainBody, request.body) };
    const result = await oneSpanDomains.put(domain);
    if (!result.ok) throw new AppError('request_invalid', result.field);
    response.json(domain);
  };
}
