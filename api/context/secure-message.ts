import { isIP } from 'node:net';
import { messageInContext } from '../../workflows/domain/request-context.ts';
import type { AuthenticationType, NewEvent, TemplateStore } from '../ports.ts';
import { describeUserAgent } from './describe-user-agent.ts';
import type { GeolocationFailure, Geolocator, Located, Location } from './geolocator.ts';

export interface SecureMessageDependencies {
  readonly templates: TemplateStore;
  /** Undefined where none is configured: nothing is said of the location then. */
  readonly geolocator: Geolocator | undefined;
  /** Writes an event; never rejects. */
  readonly recordEvent: (event: NewEvent) => Promise<void>;
}

/** What a begin says of a message and of where its request comes from. */
export interface MessageForm {
  readonly secure_message?: string | undefined;
  readonly language_code: string;
  readonly ip_address?: string | undefined;
  readonly user_agent?: string | undefined;
}

/** What the message belongs to. */
export interface MessagePlace {
  readonly type: Pick<AuthenticationType, 'confirmationTemplates'>;
  /** Shown in place of a secure message where there is none. */
  readonly shortMessage: string;
  readonly subject: Omit<NewEvent, 'name' | 'details'>;
}

const FAILED: Readonly<Record<GeolocationFailure, string>> = {
  call_failed: 'GEOLOCATION_CHECK_EXTERNAL_CALL_FAILED',
  response_invalid: 'GEOLOCATION_CHECK_RESPONSE_PARSING_FAILED',
  unknown: 'GEOLOCATION_CHECK_FAILED',
};

const FOUND: Readonly<Record<(Located & { ok: true })['source'], string | undefined>> = {
  service: 'GEOLOCATION_CHECK_EXTERNAL_CALL_SUCCESS',
  cache: 'GEOLOCATION_CHECK_CACHE_SUCCESS',
  file: undefined,
};

/**
 * The secure message of a transaction: as the portal gave it, or, where the portal tells where its request comes from,
 * in that context by the template of type and language. Where the location can not be found out it is left as it was,
 * and an event says why. Never rejects for anything but the database.
 */
export async function secureMessageOf(
  { templates, geolocator, recordEvent }: SecureMessageDependencies,
  form: MessageForm,
  { type, shortMessage, subject }: MessagePlace,
): Promise<string | undefined> {
  const { secure_message: secureMessage, language_code: language, ip_address: ip, user_agent: userAgent } = form;
  if (ip === undefined && userAgent === undefined) return secureMessage;
  const { [language]: own, en: ownInEnglish } = type.confirmationTemplates;
  const template = own ?? ownInEnglish ?? (await templates.find(language));
  if (template === undefined) return secureMessage;
  const location = geolocator ? await locate(geolocator) : {};
  if (location === 'failed') return secureMessage;
  const context = { ...describeUserAgent(userAgent), ...location };
  return messageInContext(template, secureMessage ?? shortMessage, context);

  async function locate(configured: Geolocator): Promise<Partial<Location> | 'failed'> {
    if (ip === undefined) {
      await recordEvent({ ...subject, name: 'GEOLOCATION_CHECK_SKIPPED_DATA_MISSING' });
      return {};
    }
    const address = ip.trim();
    const unknown = { ok: false, failure: 'unknown' } as const;
    // A damaged file, for instance: no begin fails for its context, and the event tells.
    const located: Located = isIP(address) === 0 ? unknown : await configured.locate(address).catch(() => unknown);
    const name = located.ok ? FOUND[located.source] : FAILED[located.failure];
    if (name) await recordEvent({ ...subject, name });
    return located.ok ? located.location : 'failed';
  }
}
