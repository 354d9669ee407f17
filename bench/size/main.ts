/** `npm run size`: what load means for each component, by a simulation of arrivals. */
import { StartError } from '../../dev/start-error.ts';
import { describeSize } from './describe-size.ts';
import { readSizeOptions, USAGE } from './options.ts';

try {
  const options = readSizeOptions(process.argv.slice(2));
  console.log(options ? describeSize(options).join('\n') : USAGE);
} catch (error) {
  if (!(error instanceof StartError || error instanceof RangeError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
