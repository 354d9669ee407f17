import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import type { Component } from '../../dev/sbom.ts';

const run = promisify(execFile);

describe('the bill of materials', () => {
  it('is CycloneDX, and has every package that the product runs with, by version and hash', async () => {
    const { stdout } = await run(process.execPath, ['dev/sbom.ts'], { maxBuffer: 64 * 1024 * 1024 });
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
    for (const { purl, hashes, scope } of bill.components) {
      expect(purl).toMatch(/^pkg:npm\/(%40[^/@]+\/)?[^/@]+@\d/);
      // What other platforms than ours would load may be locked without a hash.
      const lengths = hashes.map(({ content }) => content.length);
      const mayLack = scope === 'optional' && !purl.includes('linux-x64');
      expect([purl, lengths]).toEqual([purl, mayLack && lengths.length === 0 ? [] : [128]]);
    }
  });
});
