import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CONFIGURATION_KEYS } from '../../runtime/config.ts';

const FOLDERS = ['workflows', 'activities', 'db', 'api', 'worker'];
/** What the names of events begin with. */
const EVENT =
  /'((?:KEY_|PUSH_|ENROLLMENT_|MOBILE_AUTH_|OTP_|SMS_|GEOLOCATION_|ADMIN_|HELPDESK_|API_|APP_VERSION_|INVALID_API_|ONESPAN_|CALLBACK_(?:ADDRESS|REDELIVERY)_)[A-Z0-9_]+)'/g;

function eventsInCode(): Set<string> {
  const names = new Set<string>();
  for (const folder of FOLDERS) {
    for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.ts')) continue;
      for (const [, name] of readFileSync(join(folder, file), 'utf8').matchAll(EVENT)) names.add(name as string);
    }
  }
  for (const key of CONFIGURATION_KEYS) names.delete(key);
  return names;
}

it('docs/events.md lists every event that the code writes, and none that it does not', () => {
  const rows = [...readFileSync('docs/events.md', 'utf8').matchAll(/^\| `([A-Z0-9_]+)`/gm)].map((match) => match[1]);
  expect(new Set(rows).size).toBe(rows.length);
  expect([...rows].sort()).toEqual([...eventsInCode()].sort());
});
