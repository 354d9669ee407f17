import { z } from 'zod';

/** A version as an app names it, such as `2.4.1`: 1 to 50 visible ASCII characters. */
export const appVersion = z.string().regex(/^[\x21-\x7e]{1,50}$/);
