/** The virtual phone: enrols, listens for pushes and answers them, from the command line. */
import { runProgram } from './cli/command-line.ts';
import { approve } from './cli/phone/approve.ts';
import { changePin } from './cli/phone/change-pin.ts';
import { deny } from './cli/phone/deny.ts';
import { disenrol } from './cli/phone/disenrol.ts';
import { enrol } from './cli/phone/enrol.ts';
import { listPending } from './cli/phone/list-pending.ts';
import { listen } from './cli/phone/listen.ts';
import { otp } from './cli/phone/otp.ts';
import { openPhone } from './cli/phone/phone-context.ts';
import { pushToken } from './cli/phone/push-token.ts';
import { readCode } from './cli/phone/read-code.ts';
import { registerBiometric } from './cli/phone/register-biometric.ts';
import { rename } from './cli/phone/rename.ts';
import { rotateKeys } from './cli/phone/rotate-keys.ts';
import { setPin } from './cli/phone/set-pin.ts';
import { sms } from './cli/phone/sms.ts';
import { whoami } from './cli/phone/whoami.ts';

process.exitCode = await runProgram(
  {
    name: 'npm run phone --',
    about: 'A virtual phone: what an app does with the device client, on the command line.',
    options: {
      store: { type: 'string', value: 'FILE', about: 'where the phone keeps its keys; one file is one phone' },
      server: { type: 'string', value: 'URL', about: 'address of the API; by default what `npm start` runs' },
    },
    commands: {
      enrol,
      listen,
      pending: listPending,
      approve,
      deny,
      otp,
      'read-code': readCode,
      'set-pin': setPin,
      'change-pin': changePin,
      'register-biometric': registerBiometric,
      sms,
      whoami,
      'push-token': pushToken,
      rename,
      'rotate-keys': rotateKeys,
      disenrol,
    },
    notes: [
      'With --json each event has the fields of the device API; call it by `npm run -s` or `node dev/phone.ts`,',
      'so that npm adds no lines of its own. Exit code: 0 done, 1 refused or failed, 2 not understood.',
    ],
    prepare: (values, output) => openPhone(values, output, process.env),
  },
  process.argv.slice(2),
);
