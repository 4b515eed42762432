import type { ContextFile, ContextProblem, FileImport, FileSymbol, PackageManifest, RepoFacts } from '../domain/context.ts';
import type { Oid, RepoName } from '../domain/ids.ts';
import { namesIn, type HttpUse, type RawImport } from './analyse/outline.ts';
import { baseName, directoryOf, extensionOf } from './languages.ts';
import { LIMITS } from './limits.ts';
import { byCodeUnit, byKey } from './order.ts';
import { pairTests } from './rank-tests.ts';
import type { ReadFile, ReadFiles } from './read-files.ts';
import type { TreeListing } from './read-tree.ts';
import type { Target } from './resolve/paths.ts';
import type { Resolver } from './resolve/resolve.ts';

/** One repository as read: still without resolved imports, because they may lead into another one. */
export interface ReadRepo {
  readonly repo: RepoName;
  readonly role: 'primary' | 'secondary';
  readonly commit: Oid;
  readonly tree: Oid;
  readonly listing: TreeListing;
  readonly read: ReadFiles;
  readonly texts: ReadonlyMap<string, string>;
  readonly manifests: readonly PackageManifest[];
  readonly problems: readonly ContextProblem[];
}

/** HTTP paths by file, for the facts across repositories. A test's server serves nobody. */
export const httpOf = (read: ReadRepo): { path: string; uses: readonly HttpUse[] }[] =>
  read.read.files.filter(({ http }) => http.length > 0).map(({ file, http }) => ({ path: file.path, uses: file.kind === 'test' ? http.filter(({ role }) => role === 'uses') : http }));

/** Turns what was read into the facts that documents cite, but for cycles: these take the graph of all. `defined`: the names that some file of the workflow lets others use. */
export function repoFacts(input: ReadRepo, resolve: Resolver, defined: ReadonlyMap<string, string>): Omit<RepoFacts, 'cycles'> {
  const { repo, role, commit, tree, listing, read, manifests, texts } = input;
  const files = read.files.map((file) => completeFile(repo, file, { resolve, defined }));
  return {
    repo, role, commit, tree, files, manifests,
    languages: languagesOf(files),
    submodules: listing.submodules,
    tests: testsOf(repo, files),
    ci: files.filter((file) => file.kind === 'ci').map((file) => file.path),
    checks: read.files.flatMap(({ file, jobs }) => jobs.map((name) => ({ path: file.path, name }))).slice(0, LIMITS.checks),
    entryPoints: entryPointsOf(files, manifests),
    owners: ownersOf(texts),
    problems: problemsOf(input),
    counts: {
      files: files.length,
      bytes: files.reduce((sum, file) => sum + file.bytes, 0),
      symbols: files.reduce((sum, file) => sum + file.symbols.length, 0),
      imports: files.reduce((sum, file) => sum + file.imports.filter((entry) => entry.target !== null).length, 0),
      parsed: read.files.filter((file) => file.parsed).length,
    },
  };
}

function problemsOf({ listing, read, problems }: ReadRepo): ContextProblem[] {
  const submodules = listing.submodules.map(({ path, commit }): ContextProblem => ({ path, code: 'submodule', reason: `a submodule at ${commit}: another repository, which is not followed; name it in the workflow to read it` }));
  // What concerns the whole repository comes first, so that a cap never hides it.
  return [...listing.problems, ...read.problems, ...problems, ...submodules].sort(byKey(({ path, code }) => `${code === 'over-limit' ? '' : path}\0${code}`)).slice(0, LIMITS.problems);
}

function completeFile(repo: RepoName, { file, imports, references }: ReadFile, { resolve, defined }: { resolve: Resolver; defined: ReadonlyMap<string, string> }): ContextFile {
  return {
    ...file,
    // As whoever defines it has it: what was cut out here would keep all the others in memory.
    references: usedNames(file, references, defined),
    imports: resolvedImports({ repo, path: file.path }, imports, resolve),
  };
}

function usedNames({ symbols }: ReadFile['file'], references: string, defined: ReadonlyMap<string, string>): string[] {
  const own = new Set(symbols.map(({ name }) => name));
  const names: string[] = [];
  for (const each of namesIn(references)) {
    const name = defined.get(each);
    if (name !== undefined && !own.has(name)) names.push(name);
  }
  return names.sort(byCodeUnit);
}

function resolvedImports(from: Target, imports: readonly RawImport[], resolve: Resolver): FileImport[] {
  const resolved: FileImport[] = [];
  for (const { specifier, names, line } of imports) {
    let isInside = false;
    for (const target of resolve(from, specifier, names)) {
      if (target.repo === from.repo && target.path === from.path) continue;
      isInside = true;
      resolved.push({ specifier, names, line, target });
    }
    if (!isInside) resolved.push({ specifier, names, line, target: null });
  }
  return resolved;
}

/** Each test with the files that it imports directly and the source that it goes with by its name: a test in its source's own package imports nothing. */
function testsOf(repo: RepoName, files: readonly ContextFile[]): RepoFacts['tests'] {
  const named = new Map<string, RepoFacts['tests'][number]['covers'][number][]>();
  for (const [source, tests] of pairTests(files)) {
    for (const test of tests) {
      const path = files[test]?.path ?? '';
      named.set(path, [...(named.get(path) ?? []), { repo, path: files[source]?.path ?? '' }].slice(0, LIMITS.targetsPerImport));
    }
  }
  return files.filter(({ kind }) => kind === 'test').map((file) => {
    const covered = new Map([...(named.get(file.path) ?? []), ...file.imports.flatMap(({ target }) => target ?? [])].map((target) => [`${target.repo}\0${target.path}`, target] as const));
    return { path: file.path, covers: [...covered.entries()].sort(([left], [right]) => byCodeUnit(left, right)).map(([, target]) => target) };
  });
}

function languagesOf(files: readonly ContextFile[]): RepoFacts['languages'] {
  const totals = new Map<string, { files: number; bytes: number }>();
  for (const { language, bytes, kind } of files) {
    if (language === null || kind === 'binary') continue;
    const total = totals.get(language) ?? { files: 0, bytes: 0 };
    totals.set(language, { files: total.files + 1, bytes: total.bytes + bytes });
  }
  return [...totals].map(([language, total]) => ({ language, ...total })).sort((left, right) => right.bytes - left.bytes || byCodeUnit(left.language, right.language));
}

const ENTRY_NAMES = /^(?:(?:index|main|app|server|cli|__main__|lib|mod|program|Program|Main|Application|App)\.(?:[cm]?[jt]sx?|py|go|rs|rb|php|cs|java|kt|swift|dart|c|cc|cpp|vue)|config\.ru|manage\.py|wsgi\.py|asgi\.py)$/;

/** What manifests name as entry, files at the top of a package whose name says so, and Go's and Rust's commands. */
function entryPointsOf(files: readonly ContextFile[], manifests: readonly PackageManifest[]): string[] {
  const paths = new Set(files.map((file) => file.path));
  const roots = new Set(manifests.map((manifest) => directoryOf(manifest.path)));
  const under = (root: string, path: string): string => (root === '' ? path : `${root}/${path}`);
  const declared = manifests.flatMap((manifest) => manifest.entries.flatMap((entry) => entryCandidates(entry).map((path) => under(directoryOf(manifest.path), path))));
  const named = files.filter(({ path, kind, marks, symbols }) => kind === 'source' && marks.length === 0 && (isCommand(path) || hasMain(path, symbols) || (ENTRY_NAMES.test(baseName(path)) && isNearRoot(path, roots)))).map((file) => file.path);
  return [...new Set([...declared.filter((path) => paths.has(path)), ...named])].sort(byCodeUnit).slice(0, 200);
}

/** The files that an entry may stand for: itself, a path without its extension, or a module of Python's scripts (`pkg.cli:main`). */
function entryCandidates(entry: string): string[] {
  const [, module] = /^([\w.]+):[\w.]+$/.exec(entry) ?? [];
  const path = (module ?? entry).replace(/^\.\//, '').replace(/\/$/, '');
  if (module === undefined) return /\.\w+$/.test(path) ? [path] : [path, ...['js', 'ts', 'cjs', 'mjs'].flatMap((extension) => [`${path}.${extension}`, `${path}/index.${extension}`])];
  const folders = path.replaceAll('.', '/');
  return ['', 'src/', 'lib/'].flatMap((root) => [`${root}${folders}.py`, `${root}${folders}/__init__.py`]);
}

const isCommand = (path: string): boolean => /(?:^|\/)__main__\.py$|(?:^|\/)cmd\/[^/]+\/main\.go$|(?:^|\/)src\/bin\/[^/]+(?:\/main)?\.rs$/.test(path);

/** Where a program begins by its language's rules: a function of that name, wherever its file lies. */
function hasMain(path: string, symbols: readonly FileSymbol[]): boolean {
  const extension = extensionOf(path);
  const name = extension === 'cs' ? 'Main' : 'main';
  if (!/^(?:java|kt|scala|cs|go|c|cc|cpp|cxx|dart)$/.test(extension) || (extension === 'dart' && !/(?:^|\/)bin\/[^/]+$/.test(path))) return false;
  return symbols.some((symbol) => symbol.name === name && (symbol.kind === 'function' || symbol.kind === 'method'));
}

function isNearRoot(path: string, roots: ReadonlySet<string>): boolean {
  const folder = directoryOf(path);
  return folder === '' || roots.has(folder) || roots.has(folder.replace(/(?:^|\/)(?:src|lib|app|cmd|Sources|src\/main)$/, ''));
}

/** The CODEOWNERS file that GitHub would use: `.github/`, then the root, then `docs/`. */
function ownersOf(texts: ReadonlyMap<string, string>): RepoFacts['owners'] {
  const text = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS', '.gitlab/CODEOWNERS'].map((path) => texts.get(path)).find((each) => each !== undefined);
  const rules = (text ?? '').split('\n').map((line) => line.replace(/(?:^|\s)#.*$/, '').trim()).filter((line) => line !== '' && !/^\^?\[/.test(line));
  return rules.slice(0, LIMITS.owners).map((line) => {
    const [pattern = '', ...owners] = line.split(/\s+/);
    return { pattern, owners };
  });
}
