/** The demonstration's portal: begins transactions and reads their results, from the command line. */
import { runProgram } from './cli/command-line.ts';
import { callbacks } from './cli/portal/callbacks.ts';
import { cancel } from './cli/portal/cancel.ts';
import { otp } from './cli/portal/otp.ts';
import { openPortal } from './cli/portal/portal-context.ts';
import { redeliver } from './cli/portal/redeliver.ts';
import { resend } from './cli/portal/resend.ts';
import { result } from './cli/portal/result.ts';
import { smsResend } from './cli/portal/sms-resend.ts';
import { smsVerify } from './cli/portal/sms-verify.ts';
import { start } from './cli/portal/start.ts';

process.exitCode = await runProgram(
  {
    name: 'npm run portal --',
    about: 'A portal: asks users by their phones over the mobile authentication API, on the command line.',
    options: {
      server: { type: 'string', value: 'URL', about: 'address of the API; by default what `npm start` runs' },
    },
    commands: {
      start,
      otp,
      'sms-verify': smsVerify,
      'sms-resend': smsResend,
      result,
      resend,
      cancel,
      callbacks,
      redeliver,
    },
    notes: [
      'With --json each event has the fields of the API; call it by `npm run -s` or `node dev/portal.ts`,',
      'so that npm adds no lines of its own. Exit code: 0 done (start: authenticated), 1 refused, failed or',
      'not authenticated, 2 not understood.',
    ],
    prepare: (values, output) => openPortal(values, output, process.env),
  },
  process.argv.slice(2),
);
