/** `node api/console-account.ts NAME SCOPE`: reads a password from standard input and prints `CONSOLE_LOCAL_ACCOUNT`. */
import { text } from 'node:stream/consumers';
import { ADMINISTRATION_SCOPES } from '../runtime/client-scopes.ts';
import { makeLocalAccount } from './console/make-local-account.ts';

const MIN_LENGTH = 12;

const [name = '', scope = ''] = process.argv.slice(2);
const known = ADMINISTRATION_SCOPES.find((each) => each === scope);
if (!/^[^\s:]{1,64}$/.test(name) || !known) {
  refuse(`usage: node api/console-account.ts NAME SCOPE, where SCOPE is ${ADMINISTRATION_SCOPES.join(', ')}`);
}
const password = (await text(process.stdin)).replace(/\r?\n$/, '');
if (password.length < MIN_LENGTH) {
  refuse(`The password, on standard input, must have ${MIN_LENGTH} characters or more.`);
}
process.stdout.write(`${makeLocalAccount(name, known, password)}\n`);

function refuse(why: string): never {
  process.stderr.write(`${why}\n`);
  process.exit(2);
}
