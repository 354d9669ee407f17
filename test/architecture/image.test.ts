import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

const dockerfile = read('Dockerfile');
const { dependencies } = JSON.parse(read('package.json')) as {
  readonly dependencies: Readonly<Record<string, string>>;
};

describe('Dockerfile', () => {
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, paths = '']) => paths.split(' '));

  it('copies what exists, and lets nothing else into the build', () => {
    for (const path of copied) expect([path, existsSync(join(root, path))]).toEqual([path, true]);
    const [first, ...allowed] = read('.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(first).toBe('*');
    expect(allowed.sort()).toEqual([...new Set(copied)].map((path) => `!${path}`).sort());
  });

  it('copies everything that api, worker, codec and migrations load', () => {
    const reached = new Set(['api/main.ts', 'worker/main.ts', 'codec/main.ts', 'db/migrate.ts']);
    const packages = new Set<string>();
    // A set hands out what is added to it on the way.
    for (const file of reached) {
      const code = read(file).replace(/^(?:import|export) type [^;]+;/gm, '');
      for (const [, path = ''] of code.matchAll(/['"](\.{1,2}\/[^'"\n]+\.(?:ts|cjs|js|json))['"]/g)) {
        reached.add(relative(root, normalize(join(root, dirname(file), path))));
      }
      for (const [, name = ''] of code.matchAll(/^(?:import|export|\}) [^;]*?from ['"]([^.'"][^'"]*)['"]/gm)) {
        if (!name.startsWith('node:')) packages.add(/^(@[^/]+\/)?[^/]+/.exec(name)?.[0] as string);
      }
    }
    expect([...reached]).toEqual(expect.arrayContaining(['workflows/index.ts', 'runtime/failure-converter.cjs']));
    for (const file of reached) {
      expect([file, copied.some((path) => file === path || file.startsWith(`${path}/`))]).toEqual([file, true]);
    }
    expect(Object.keys(dependencies)).toEqual(expect.arrayContaining([...packages]));
    expect([...packages]).toEqual(expect.arrayContaining(['@temporalio/worker', 'express', 'knex']));
  });

  it('runs on the Node of the package, as a user that is not root', () => {
    const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image);
    expect(new Set(bases)).toEqual(new Set([`node:${dependencies.node}-bookworm-slim`]));
    const last = dockerfile.split(/^FROM /m).at(-1) ?? '';
    expect(/^USER (\d+):\d+$/m.exec(last)?.[1]).toMatch(/^[1-9]/);
  });
});
