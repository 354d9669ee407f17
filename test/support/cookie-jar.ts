/** A browser as far as log-ins need one: follows redirects by hand, and keeps the cookies of each origin. */
export interface CookieJar {
  /** One request with the cookies of its origin; redirects are not followed. */
  get(url: string, headers?: Readonly<Record<string, string>>): Promise<Response>;
  /** Goes on as it is redirected until an address begins with `until`, which is not asked for; tells that address. */
  followTo(url: string, until: string): Promise<string>;
  /** As sent to this origin. */
  cookiesOf(origin: string): string;
}

const MAX_STEPS = 12;

export function createCookieJar(): CookieJar {
  const jars = new Map<string, Map<string, string>>();
  const jarOf = (origin: string): Map<string, string> => {
    const jar = jars.get(origin) ?? new Map<string, string>();
    jars.set(origin, jar);
    return jar;
  };
  const jar: CookieJar = {
    cookiesOf: (origin) => [...jarOf(origin)].map(([name, value]) => `${name}=${value}`).join('; '),
    async get(url, headers = {}) {
      const { origin } = new URL(url);
      const cookie = jar.cookiesOf(origin);
      const response = await fetch(url, { redirect: 'manual', headers: { ...(cookie && { cookie }), ...headers } });
      for (const set of response.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
        if (value === '') jarOf(origin).delete(name);
        else jarOf(origin).set(name, value);
      }
      return response;
    },
    async followTo(url, until) {
      let at = url;
      for (let step = 0; step < MAX_STEPS; step++) {
        const response = await jar.get(at);
        const location = response.headers.get('location');
        if (location === null) throw new Error(`${at} leads nowhere: ${response.status} ${await response.text()}`);
        at = new URL(location, at).href;
        if (at.startsWith(until)) return at;
      }
      throw new Error(`too many redirects, the last one to ${at}`);
    },
  };
  return jar;
}
