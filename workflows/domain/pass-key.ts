/** What a pass key of the OneSpan surface asks for: a keyword and a static password, put together as a domain says. */

/** Names of the vendor. `Default` is `KeywordPassword`, `None` asks no phone. */
export type RequestMethod = 'Default' | 'KeywordOnly' | 'Password' | 'KeywordPassword' | 'PasswordKeyword' | 'None';

/** What unlocks the app on the phone. */
export type PhoneProtection = 'push' | 'push_with_pin' | 'push_with_fingerprint';

export interface Keyword {
  /** 1 to 16 characters; capitals count. */
  readonly keyword: string;
  readonly method: PhoneProtection;
}

export interface PassKeyRules {
  readonly requestMethod: RequestMethod;
  /** With `Password` the first one's method counts. */
  readonly keywords: readonly Keyword[];
}

export interface PassKey {
  readonly method: PhoneProtection;
  /** To be verified; null where the keyword alone asks the phone. */
  readonly password: string | null;
}

/** Undefined for a pass key that asks no phone. Where two keywords fit, the longer one counts. */
export function readPassKey(passKey: string, { requestMethod, keywords }: PassKeyRules): PassKey | undefined {
  const longestFirst = [...keywords].sort((one, other) => other.keyword.length - one.keyword.length);
  switch (requestMethod) {
    case 'None':
      return undefined;
    case 'KeywordOnly':
      return read(
        keywords.find(({ keyword }) => keyword === passKey),
        () => null,
      );
    case 'Password':
      return read(keywords[0], () => passKey);
    case 'Default':
    case 'KeywordPassword':
      return read(
        longestFirst.find(({ keyword }) => passKey.startsWith(keyword) && passKey.length > keyword.length),
        (keyword) => passKey.slice(keyword.length),
      );
    case 'PasswordKeyword':
      return read(
        longestFirst.find(({ keyword }) => passKey.endsWith(keyword) && passKey.length > keyword.length),
        (keyword) => passKey.slice(0, -keyword.length),
      );
  }
}

function read(found: Keyword | undefined, passwordBeside: (keyword: string) => string | null): PassKey | undefined {
  return found && { method: found.method, password: passwordBeside(found.keyword) };
}
