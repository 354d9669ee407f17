import { type DestinationStream, pino } from 'pino';

/** Kept while nothing can be written, to be written later; what is more is lost, and counted. */
const KEPT_CHARACTERS = 256 * 1024;

/**
 * Standard output, whose failure ends no process: on a full disk up to 256 KiB wait, and go out before the next line that
 * can be written. `onLost` hears then how many lines were lost beside them.
 */
export function createLogDestination(onLost: (lines: number) => void): DestinationStream {
  const output = pino.destination({ dest: 1, sync: true });
  let isFailing = false;
  let kept = 0;
  let lost = 0;
  // There is no place left to say why.
  output.on('error', () => {
    isFailing = true;
  });
  output.on('write', () => {
    isFailing = false;
  });

  function tellOfLost(): void {
    if (lost === 0) return;
    const lines = lost;
    lost = 0;
    onLost(lines);
  }

  return {
    write(line) {
      // Nothing new: whether what is kept can be written now.
      if (isFailing && kept > KEPT_CHARACTERS) output.write('');
      if (isFailing && kept > KEPT_CHARACTERS) {
        lost += 1;
        return;
      }
      output.write(line);
      kept = isFailing ? kept + line.length : 0;
      if (!isFailing) tellOfLost();
    },
  };
}
