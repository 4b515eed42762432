import { parseIntegrity } from './integrity.ts';
import { Unreadable, type LockedPackage, type Lockfile } from './model.ts';
import { kindOfUrl } from './npm-lock.ts';
import { mapOf, parseYamlMap, textAt, valueAt } from './yaml.ts';

/** `pnpm-lock.yaml`, versions 5 to 9. */
export function readPnpmLock(text: string): Lockfile {
  // Newer versions put what pnpm itself needs into a document of its own before it.
  const documents = text.split(/^---\s*$/m).filter((part) => part.trim() !== '');
  const read = documents.map(readDocument);
  return { packages: read.flatMap(({ packages }) => packages), settings: read.flatMap(({ settings }) => settings) };
}

function readDocument(text: string): Lockfile {
  const { entries, lineOf } = parseYamlMap(text);
  const top = new Map(entries.map(({ key, value }) => [key, value]));
  const listed = top.get('packages');
  if (listed !== undefined && (typeof listed !== 'object' || listed === null)) throw new Unreadable('"packages" is no map');
  const snapshots = top.get('snapshots');
  const packages = Object.entries(listed ?? {}).map(([key, value]: [string, unknown]) => lockedOf(key, value, { line: lineOf(key), snapshot: valueAt(snapshots, key) }));
  const settings = ['settings', 'overrides', 'patchedDependencies', 'pnpmfileChecksum', 'packageExtensionsChecksum', 'catalogs'].flatMap((key) => (top.has(key) ? [{ key, value: JSON.stringify(top.get(key)), line: lineOf(key) }] : []));
  return { packages: [...packages, ...mapOf(Object.fromEntries(top), 'importers').flatMap(([folder, importer]) => detours(folder, importer))], settings };
}

const SECTIONS = ['dependencies', 'devDependencies', 'optionalDependencies'];

/** What a package of the workspace is given in place of what it asks for: a folder, or another package. */
function detours(folder: string, importer: unknown): LockedPackage[] {
  return SECTIONS.flatMap((section) => mapOf(importer, section)).flatMap(([name, value]): LockedPackage[] => {
    const [specifier, version] = [textAt(value, 'specifier'), textAt(value, 'version').replace(/\(.*$/s, '')];
    const isFolder = /^(?:link|file):/.test(version) && !/^(?:link|file|workspace|portal|catalog):|^[.~/]/.test(specifier);
    const isOther = /^\/?@?[A-Za-z][^@]*@\d/.test(version) && !version.replace(/^\//, '').startsWith(`${name}@`) && !/^(?:npm|catalog|jsr|workspace):/.test(specifier);
    if (!isFolder && !isOther) return [];
    return [{ name, version, place: `${folder} ${name}`, url: version, kind: isFolder ? 'path' : 'url', integrity: [], rest: '', line: null, urlName: null }];
  });
}

function lockedOf(key: string, value: unknown, { line, snapshot }: { line: number | null; snapshot: unknown }): LockedPackage {
  // `/name/1.0.0_peer`, `/name@1.0.0(peer)`, `name@1.0.0`, `name@https://…`.
  const plain = key.replace(/^\//, '').replace(/\(.*$/, '');
  const [, name = plain, reference = ''] = /^(@[^/@]+\/[^/@]+|[^/@]+)[@/](.*)$/.exec(plain) ?? [];
  const resolution = valueAt(value, 'resolution');
  const tarball = textAt(resolution, 'tarball');
  const repo = textAt(resolution, 'repo');
  const directory = textAt(resolution, 'directory');
  const url = tarball || (repo === '' ? '' : `git+${repo}#${textAt(resolution, 'commit')}`) || directory || (/^(?:https?|git|file|link):/.test(reference) ? reference : '');
  const kind = directory === '' ? (repo === '' ? kindOfUrl(url === '' ? null : url) : 'git') : 'path';
  const others = ['dependencies', 'optionalDependencies', 'bin', 'requiresBuild', 'hasBin', 'patched', 'peerDependencies'];
  return {
    name: textAt(value, 'name') || name,
    version: textAt(value, 'version') || reference,
    place: key,
    url: url === '' ? null : url,
    kind,
    integrity: parseIntegrity(textAt(resolution, 'integrity')),
    rest: JSON.stringify(others.map((other) => [valueAt(value, other), mapOf(snapshot, other)])),
    line,
    urlName: kind === 'registry' && url !== '' ? name : null,
  };
}
