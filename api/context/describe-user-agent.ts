import Bowser from 'bowser';
import type { RequestContext } from '../../workflows/domain/request-context.ts';

/** What stands behind this in a longer one names devices and build numbers. */
const MAX_LENGTH = 512;

/** Operating system and browser as people name them, such as `macOS 10.14` and `Chrome 73.0`; nothing of what is unknown. */
export function describeUserAgent(userAgent: string | undefined): Pick<RequestContext, 'operatingSystem' | 'browser'> {
  const text = userAgent?.trim().slice(0, MAX_LENGTH);
  // The parser throws for an empty one.
  if (!text) return {};
  const { os, browser } = Bowser.parse(text);
  // "NT 10.0" is a version to nobody but Windows itself.
  const systemVersion = os.name === 'Windows' ? os.versionName : os.version;
  const operatingSystem = nameOf(os.name, systemVersion);
  const browserName = nameOf(browser.name, browser.version);
  return { ...(operatingSystem && { operatingSystem }), ...(browserName && { browser: browserName }) };
}

function nameOf(name: string | undefined, version: string | undefined): string | undefined {
  if (!name) return undefined;
  const short = version?.split('.').slice(0, 2).join('.');
  return short ? `${name} ${short}` : name;
}
