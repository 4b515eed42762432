import { asList, asTable, asText, createLineFinder, parseToml, plain, type Table } from '../dependencies/toml.ts';
import { hexIntegrity } from './integrity.ts';
import type { LockedPackage, Lockfile } from './model.ts';

interface Reader {
  /** Tables of packages. */
  readonly listed: readonly string[];
  readonly locate: (entry: Table) => Pick<LockedPackage, 'url' | 'kind'>;
  readonly integrity: (entry: Table, root: Table) => string[];
  readonly known: readonly string[];
}

function readWith(text: string, { listed, locate, integrity, known }: Reader): Lockfile {
  const root = parseToml(text);
  const line = packageLines(text);
  const packages = listed.flatMap((key) =>
    asList(root[key]).map((item): LockedPackage => {
      const entry = asTable(item);
      const [name, version] = [asText(entry['name']) ?? '', asText(entry['version']) ?? ''];
      const rest = plain(Object.fromEntries(Object.entries(entry).filter(([each]) => !known.includes(each))));
      return { name, version, place: name, ...locate(entry), integrity: integrity(entry, root).toSorted(), rest, line: line(name, version), urlName: null };
    }),
  );
  return { packages, settings: [] };
}

/** Where `name = "…"` of a package stands, by name and the version that follows it. */
function packageLines(text: string): (name: string, version: string) => number | null {
  const found = new Map<string, number>();
  let last: { name: string; line: number } | null = null;
  for (const [index, content] of text.split('\n').entries()) {
    const name = /^name = "([^"]*)"/.exec(content)?.[1];
    if (name !== undefined) last = { name, line: index + 1 };
    const version = /^version = "([^"]*)"/.exec(content)?.[1];
    if (version !== undefined && last) found.set(`${last.name} ${version}`, last.line);
  }
  const anywhere = createLineFinder(text);
  return (name, version) => found.get(`${name} ${version}`) ?? anywhere(name);
}

/** `Cargo.lock`. */
export const readCargoLock = (text: string): Lockfile =>
  readWith(text, {
    listed: ['package'],
    known: ['name', 'version', 'source', 'checksum'],
    locate: (entry) => {
      const source = asText(entry['source']);
      if (source === null) return { url: null, kind: 'path' };
      // The index's old and new address are the same registry.
      if (/^registry\+https:\/\/github\.com\/rust-lang\/crates\.io-index$|^sparse\+https:\/\/index\.crates\.io\/$/.test(source)) return { url: null, kind: 'registry' };
      return { url: source, kind: source.startsWith('git+') ? 'git' : 'registry' };
    },
    // Version 1 kept the checksums in a table at the end.
    integrity: (entry, root) => hexIntegrity(asText(entry['checksum']) ?? asText(asTable(root['metadata'])[`checksum ${String(entry['name'])} ${String(entry['version'])} (${String(entry['source'])})`])),
  });

const filesOf = (list: unknown): string[] => asList(list).flatMap((file) => hexIntegrity(asText(asTable(file)['hash'])));

/** `poetry.lock` and `pdm.lock`. */
export const readPoetryLock = (text: string): Lockfile =>
  readWith(text, {
    listed: ['package'],
    known: ['name', 'version', 'source', 'files', 'git', 'revision', 'url', 'path', 'description'],
    locate: (entry) => {
      const source = asTable(entry['source']);
      const url = asText(source['url']) ?? asText(entry['git']) ?? asText(entry['url']) ?? asText(entry['path']);
      if (url === null) return { url: null, kind: 'registry' };
      const type = asText(source['type']) ?? (entry['git'] === undefined ? (entry['path'] === undefined ? 'url' : 'file') : 'git');
      return { url: `${url}${asText(source['reference']) === null ? '' : `#${asText(source['resolved_reference']) ?? asText(source['reference']) ?? ''}`}`, kind: type === 'git' ? 'git' : type === 'file' || type === 'directory' ? 'path' : type === 'url' ? 'url' : 'registry' };
    },
    integrity: (entry, root) => [...filesOf(entry['files']), ...filesOf(asTable(asTable(root['metadata'])['files'])[String(entry['name'])])],
  });

/** `uv.lock`. The address of every file counts, since each could lie elsewhere. */
export const readUvLock = (text: string): Lockfile =>
  readWith(text, {
    listed: ['package'],
    known: ['name', 'version', 'source', 'sdist', 'wheels'],
    locate: (entry) => {
      const source = asTable(entry['source']);
      const git = asText(source['git']);
      if (git !== null) return { url: git, kind: 'git' };
      const local = asText(source['path']) ?? asText(source['editable']) ?? asText(source['virtual']) ?? asText(source['directory']);
      if (local !== null) return { url: null, kind: 'path' };
      const address = asText(source['url']);
      if (address !== null) return { url: address, kind: 'url' };
      const urls = [asText(asTable(entry['sdist'])['url']), ...asList(entry['wheels']).map((wheel) => asText(asTable(wheel)['url'])), asText(source['registry'])].filter((url) => url !== null);
      return { url: urls.join(' ') || null, kind: 'registry' };
    },
    integrity: (entry) => filesOf([entry['sdist'], ...asList(entry['wheels'])]),
  });

/** `pylock.toml` (PEP 751). */
export const readPylock = (text: string): Lockfile =>
  readWith(text, {
    listed: ['packages'],
    known: ['name', 'version', 'index', 'sdist', 'wheels', 'archive', 'vcs', 'directory'],
    locate: (entry) => {
      const vcs = asText(asTable(entry['vcs'])['url']);
      if (vcs !== null) return { url: vcs, kind: 'git' };
      if (entry['directory'] !== undefined) return { url: null, kind: 'path' };
      const archive = asText(asTable(entry['archive'])['url']);
      const urls = [asText(asTable(entry['sdist'])['url']), ...asList(entry['wheels']).map((wheel) => asText(asTable(wheel)['url'])), asText(entry['index'])].filter((url) => url !== null);
      return archive === null ? { url: urls.join(' ') || null, kind: 'registry' } : { url: archive, kind: 'url' };
    },
    integrity: (entry) => [entry['sdist'], entry['archive'], ...asList(entry['wheels'])].flatMap((file) => Object.entries(asTable(asTable(file)['hashes'])).flatMap(([algorithm, digest]) => hexIntegrity(`${algorithm}:${String(digest)}`))),
  });
