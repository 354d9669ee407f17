import { readOptions } from '../../bench/options.ts';
import { METHODS } from '../../bench/whole/methods.ts';

describe('the command line of the bench', () => {
  it('measures four concurrencies for 8 seconds on embedded servers when nothing is said', () => {
    expect(readOptions([])).toEqual({ mode: 'closed-loop', concurrencies: [1, 8, 16, 32], seconds: 8 });
  });

  it('takes all that can be said', () => {
    const args = ['--concurrency', '16, 2,16', '--seconds', '3', '--json', 'out.json'];
    const servers = ['--address', 'temporal:7233', '--database', 'postgres://me:secret@db:5432/app'];
    expect(readOptions([...args, ...servers, '--worker-flags=--max-semi-space-size=16  --trace-gc'])).toEqual({
      mode: 'closed-loop',
      workerFlags: ['--max-semi-space-size=16', '--trace-gc'],
      concurrencies: [2, 16],
      seconds: 3,
      json: 'out.json',
      temporalAddress: 'temporal:7233',
      databaseUrl: 'postgres://me:secret@db:5432/app',
    });
  });

  it('measures methods by themselves, all or some, in the order of the table', () => {
    const all = { mode: 'methods', methods: METHODS.map(({ name }) => name), concurrency: 16, seconds: 8 };
    expect(readOptions(['--methods', 'all'])).toEqual(all);
    const some = { mode: 'methods', methods: ['push', 'sms'], concurrency: 4, seconds: 8 };
    expect(readOptions(['--methods', 'sms, push,sms', '--concurrency', '4'])).toEqual(some);
  });

  it('lets transactions arrive at rates', () => {
    const usual = { mode: 'open-loop', rates: [10], seconds: 30, methods: ['push'], arrivals: 'even', seed: 1 };
    expect(readOptions(['--open-loop'])).toEqual(usual);
    const args = ['--open-loop', '--rate', '20,2.5', '--seconds', '5', '--methods', 'otp', '--arrivals', 'random'];
    expect(readOptions([...args, '--seed', '7', '--phones', '64'])).toEqual({
      ...{ mode: 'open-loop', rates: [2.5, 20], seconds: 5, methods: ['otp'], arrivals: 'random', seed: 7, phones: 64 },
    });
  });

  it('lets transactions wait, and answers some of them', () => {
    expect(readOptions(['--waiting', '10000'])).toEqual({ mode: 'waiting', waiting: 10_000, sample: 200 });
    expect(readOptions(['--waiting', '50'])).toEqual({ mode: 'waiting', waiting: 50, sample: 50 });
    expect(readOptions(['--waiting', '50', '--sample', '5'])).toEqual({ mode: 'waiting', waiting: 50, sample: 5 });
  });

  it('fills the tables', () => {
    const usual = { mode: 'growth', sizes: [1_000, 10_000, 100_000], concurrency: 8, seconds: 8 };
    expect(readOptions(['--growth'])).toEqual(usual);
    expect(readOptions(['--growth', '--sizes', '5000,100'])).toEqual({ ...usual, sizes: [100, 5_000] });
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
    [['--methods', 'fax']],
    [['--rate', '5']],
    [['--sample', '5']],
    [['--rate', '0', '--open-loop']],
    [['--rate', '-1', '--open-loop']],
    [['--arrivals', 'often', '--open-loop']],
    [['--concurrency', '4', '--open-loop']],
    [['--sample', '11', '--waiting', '10']],
    [['--seconds', '4', '--waiting', '10']],
    [['--sizes', '0', '--growth']],
    [['--worker-flags', 'fast']],
    [['--waiting', '10', '--growth']],
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
