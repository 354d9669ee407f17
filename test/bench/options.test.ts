import { readOptions } from '../../bench/options.ts';

describe('the command line of the bench', () => {
  it('measures four concurrencies for 8 seconds on embedded servers when nothing is said', () => {
    expect(readOptions([])).toEqual({ concurrencies: [1, 8, 16, 32], seconds: 8 });
  });

  it('takes all that can be said', () => {
    const args = ['--concurrency', '16, 2,16', '--seconds', '3', '--json', 'out.json'];
    const servers = ['--address', 'temporal:7233', '--database', 'postgres://me:secret@db:5432/app'];
    expect(readOptions([...args, ...servers])).toEqual({
      concurrencies: [2, 16],
      seconds: 3,
      json: 'out.json',
      temporalAddress: 'temporal:7233',
      databaseUrl: 'postgres://me:secret@db:5432/app',
    });
  });

  it('only asks for help when help is asked for', () => {
    expect(readOptions(['--help'])).toBeUndefined();
  });

  it.each([
    [['--concurrency', '0']],
    [['--concurrency', '129']],
    [['--concurrency', '1,,8']],
    [['--seconds', '1.5']],
    [['--seconds', '601']],
    [['--address', 'temporal']],
    [['--fast']],
    [['quickly']],
  ])('refuses %j and names the fault', (args) => {
    expect(() => readOptions(args)).toThrow((args[0] as string).replace(/^--/, ''));
  });

  it('does not repeat an unusable connection string, which may hold a password', () => {
    expect(() => readOptions(['--database', 'mysql://me:secret@db/app'])).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('secret') }),
    );
  });
});
