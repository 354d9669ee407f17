import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What package-lock.json says of one folder of node_modules. */
interface LockedPackage {
  readonly version?: string;
  readonly integrity?: string;
  readonly license?: string;
  /** Needed for development alone. */
  readonly dev?: boolean;
  readonly optional?: boolean;
  /** An alias has the name of what it stands for. */
  readonly name?: string;
}

/** What the format wants of one package. */
export interface Component {
  readonly type: 'library';
  readonly 'bom-ref': string;
  readonly name: string;
  readonly version: string;
  readonly scope: 'required' | 'optional';
  readonly purl: string;
  readonly hashes: readonly { readonly alg: 'SHA-512'; readonly content: string }[];
  readonly licenses?: readonly { readonly expression: string }[];
}

/** Bill of materials (CycloneDX 1.5, ECMA-424) of what a release runs with: all of the lock file but what is for development. */
export function billOfMaterials(
  product: { readonly name: string; readonly version: string },
  packages: Readonly<Record<string, LockedPackage>>,
): object {
  const components = new Map<string, Component>();
  for (const [path, locked] of Object.entries(packages)) {
    if (path === '' || locked.dev || locked.version === undefined) continue;
    const component = componentOf(locked.name ?? path.slice(path.lastIndexOf('node_modules/') + 13), locked);
    components.set(component.purl, component);
  }
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.5.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: { component: { type: 'application', 'bom-ref': product.name, ...product } },
    components: [...components.values()],
  };
}

function componentOf(name: string, { version = '', integrity = '', license, optional }: LockedPackage): Component {
  // The scope's @ is percent-encoded in package URLs (purl-spec, npm).
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
  const sha512 = /^sha512-(\S+)$/.exec(integrity)?.[1];
  return {
    type: 'library',
    'bom-ref': purl,
    name,
    version,
    scope: optional ? 'optional' : 'required',
    purl,
    hashes: sha512 ? [{ alg: 'SHA-512', content: Buffer.from(sha512, 'base64').toString('hex') }] : [],
    ...(license && { licenses: [{ expression: license }] }),
  };
}

if (import.meta.main) {
  const read = (name: string) =>
    JSON.parse(readFileSync(fileURLToPath(new URL(`../${name}`, import.meta.url)), 'utf8'));
  const { name, version } = read('package.json') as { name: string; version: string };
  const { packages } = read('package-lock.json') as { packages: Record<string, LockedPackage> };
  process.stdout.write(`${JSON.stringify(billOfMaterials({ name, version }, packages), null, 2)}\n`);
}
