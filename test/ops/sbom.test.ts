import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';

const run = promisify(execFile);

interface Component {
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly hashes: readonly { readonly alg: string; readonly content: string }[];
}

describe('the bill of materials', () => {
  it('is CycloneDX, and has every package that the product runs with, by version and hash', async () => {
    const { stdout } = await run(
      'npm',
      ['sbom', '--sbom-format', 'cyclonedx', '--omit', 'dev', '--package-lock-only', '--offline'],
      { maxBuffer: 64 * 1024 * 1024 },
    );
    const bill = JSON.parse(stdout) as { bomFormat: string; components: Component[] };
    expect(bill.bomFormat).toBe('CycloneDX');
    const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
      packages: Readonly<Record<string, { readonly version: string }>>;
    };
    const { dependencies, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      dependencies: Readonly<Record<string, string>>;
      devDependencies: Readonly<Record<string, string>>;
    };
    const listed = new Set(bill.components.map(({ name, version }) => `${name}@${version}`));
    for (const name of Object.keys(dependencies)) {
      expect(listed).toContain(`${name}@${packages[`node_modules/${name}`]?.version}`);
    }
    for (const name of ['jest', '@biomejs/biome']) {
      expect(listed).not.toContain(`${name}@${devDependencies[name]}`);
    }
    for (const { purl, hashes } of bill.components) {
      expect(purl).toMatch(/^pkg:npm\//);
      expect([purl, hashes?.some(({ alg }) => alg === 'SHA-512')]).toEqual([purl, true]);
    }
  });
});
