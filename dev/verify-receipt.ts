/** Checks a receipt, on the command line: offline, by nothing but the receipt and the published key set. */
import { parseArgs } from 'node:util';
import type { JSONWebKeySet } from 'jose';
import { exitCodeOf } from './cli/exit-code.ts';
import { CommandError, describeFailure, UsageError } from './cli/failures.ts';
import { httpCall } from './cli/http-call.ts';
import { createOutput } from './cli/output.ts';
import { parseKeySet, type ReceiptFile, readBytes, readReceiptFile, readText } from './receipt/read-receipt-file.ts';
import { verifyReceipt } from './receipt/verify-receipt.ts';

const FETCH_TIMEOUT_MS = 10_000;
const HELP = [
  'Checks a receipt. Needs no server and no database.',
  '',
  'Usage: npm run verify-receipt -- [OPTIONS] FILE',
  '',
  'FILE is the receipt alone, or JSON {"receipt","jwks"} as `npm run portal -- start --receipt FILE` saves it.',
  '',
  'Options:',
  '  --jwks FILE|URL   the published key set; by default the one in FILE, which proves only what FILE is worth',
  '  --message TEXT    check also that the phone was to show this message',
  '  --signing-data F  check also that the phone signed these bytes',
  '  --json            one JSON object a line on standard output, nothing else there',
  '  --help            show this',
  '',
  'Exit code: 0 everything holds, 1 something does not, 2 not understood.',
];

const args = process.argv.slice(2);
const output = createOutput(args.includes('--json'));
try {
  process.exitCode = await run();
} catch (error) {
  output.failure(describeFailure(error));
  process.exitCode = exitCodeOf(error);
}

async function run(): Promise<number> {
  const { values, positionals } = readArguments();
  const [path, ...more] = positionals;
  if (values.help || !path) {
    output.print(...HELP);
    return values.help ? 0 : 2;
  }
  if (more.length > 0) throw new UsageError('One receipt at a time.');
  const file = await readReceiptFile(path);
  const keySet = await keySetFor(file, values.jwks);
  const { checks, claims } = await verifyReceipt(file.receipt, keySet, {
    ...(values.message !== undefined && { message: values.message }),
    ...(values['signing-data'] && { signingData: await readBytes(values['signing-data']) }),
  });
  for (const { name, holds, says } of checks) {
    output.event(
      { event: holds ? 'holds' : 'fault', check: name, message: says },
      `${holds ? 'holds          ' : 'DOES NOT HOLD  '} ${name}: ${says}`,
    );
  }
  if (!claims) return 1;
  const { transaction_id, user_id, client_id, outcome } = claims;
  output.event(
    { event: 'verified', claims },
    `Everything holds: transaction ${transaction_id} of ${user_id} for ${client_id} was ${outcome.status}.`,
  );
  if (!values.jwks) output.note('The key set came with the receipt: compare its key with one that you trust.');
  return 0;
}

function readArguments() {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        jwks: { type: 'string' },
        message: { type: 'string' },
        'signing-data': { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
  } catch (cause) {
    // parseArgs throws for what the user typed; its sentence names it.
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

async function keySetFor({ jwks }: ReceiptFile, origin: string | undefined): Promise<JSONWebKeySet> {
  if (origin === undefined) {
    if (jwks) return jwks;
    throw new CommandError('The file has no key set beside the receipt: give one by --jwks.');
  }
  if (!/^https?:\/\//.test(origin)) return parseKeySet(await readText(origin), origin);
  const reply = await httpCall(origin, { method: 'GET', timeoutMs: FETCH_TIMEOUT_MS });
  return parseKeySet(JSON.stringify(reply), origin);
}
