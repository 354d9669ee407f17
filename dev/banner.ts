import type { BroughtUp } from './bring-up.ts';
import type { PortName } from './demo-ports.ts';

/** What to know, and what to try, once everything runs. */
export function bannerFor(
  { demo, ports, havePages }: BroughtUp,
  dataDir: string,
  env: NodeJS.ProcessEnv,
  seconds: number,
): string {
  const note = (name: PortName): string => {
    const passedOver = ports[name].passedOver[0];
    return passedOver === undefined ? '' : ` (port ${passedOver} is taken)`;
  };
  const database = new URL(demo.database);
  const temporalUi = demo.temporal.ui
    ? `${demo.temporal.ui}${note('temporalUi')}`
    : `none: ${demo.temporal.address} is yours (TEMPORAL_ADDRESS)`;
  // The commands must look into the same folder.
  const prefix = env.COUNTERSIGN_DATA ? `COUNTERSIGN_DATA=${quoted(env.COUNTERSIGN_DATA)} ` : '';
  return [
    '',
    `Countersign is ready after ${seconds.toFixed(1)} s.`,
    `  API            ${demo.api}${note('api')}`,
    ...(havePages ? pagesOf(demo, env) : []),
    `  Temporal UI    ${temporalUi}`,
    `  Simulated FCM  ${demo.fcm}${note('simulator')}, a page of what arrived`,
    `  Simulated APNs ${demo.apns}${note('apns')}, another`,
    `  Simulated SMS  ${demo.twilio}${note('twilio')}`,
    `  PostgreSQL     ${database.host}${env.DATABASE_URL ? ' is yours (DATABASE_URL)' : note('postgres')}`,
    `  Data and logs  ${dataDir}`,
    'Try next, each in a terminal of its own:',
    `  ${prefix}npm run phone -- enrol --user alice`,
    `  ${prefix}npm run phone -- listen`,
    `  ${prefix}npm run portal -- start --user alice --type push --message "Log in to the demo bank?"`,
    'Ctrl-C stops everything.',
  ].join('\n');
}

function pagesOf({ api, operator }: BroughtUp['demo'], env: NodeJS.ProcessEnv): string[] {
  const logIn = env.CONSOLE_LOCAL_ACCOUNT ? '' : ` (log in as ${operator.name}, password ${operator.password})`;
  return [`  Console        ${api}/console${logIn}`, `  Virtual phone  ${api}/phone`, `  Demo bank      ${api}/demo`];
}

function quoted(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
