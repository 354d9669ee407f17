import type { RequestHandler } from 'express';
import { AppError } from '../../../runtime/errors.ts';
import { callerOf } from '../../caller.ts';
import type { OidcLogIn, OidcResult } from '../../console/oidc-log-in.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import { ownPathOf } from './own-path.ts';
import { sayInPage } from './say-in-page.ts';

/** `GET /console/login?to=/console/…`: leads the browser to the identity provider. */
export function beginLogIn({ operatorConsole, settings }: ApiDependencies, oidc: OidcLogIn): RequestHandler {
  return async (request, response) => {
    const to = ownPathOf(request.query.to, settings.publicUrl);
    if (to === undefined) throw new AppError('request_invalid', 'to');
    const { address, pending } = await oidc.begin(to);
    operatorConsole.pendingLogIn.set(response, pending);
    response.redirect(303, address.href);
  };
}

/**
 * `GET /console/login/callback`: where the identity provider leads the browser back to. Begins a session and leads on to
 * where the operator wanted to go; a page says it where nobody is proven (400), or may do nothing here (403).
 */
export function finishLogIn(dependencies: ApiDependencies, oidc: OidcLogIn): RequestHandler {
  const { operatorConsole, settings, auditTrail, logger } = dependencies;
  return async (request, response) => {
    const { sessions, cookie, pendingLogIn } = operatorConsole;
    const pending = pendingLogIn.read(request);
    // It is good for one answer, whatever that is.
    pendingLogIn.clear(response);
    const callback = new URL(settings.publicUrl + request.originalUrl);
    const result: OidcResult = pending
      ? await oidc.finish(callback, pending)
      : { ok: false, refusal: 'log_in_invalid' };
    if (pending && result.ok) {
      await sessions.open(cookie.set(response), result.operator, callerOf(request));
      response.redirect(303, pending.to);
      return;
    }
    const { refusal, cause } = result as OidcResult & { ok: false };
    if (cause) logger.info({ refusal, why: (cause as Error).message }, 'an operator was not let in');
    const details = { refusal };
    await auditTrail.record({ name: 'ADMIN_OPERATOR_LOGIN_REFUSED', caller: callerOf(request), details });
    if (refusal === 'role_missing') {
      sayInPage(response, 403, 'Not for you', 'You are known, and have no role that opens this console.');
    } else sayInPage(response, 400, 'Not logged in', 'The log-in was broken off, or took too long.');
  };
}
