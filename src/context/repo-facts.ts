import type { ContextFile, FileImport, PackageManifest, RepoFacts } from '../domain/context.ts';
import type { Oid, RepoName } from '../domain/ids.ts';
import { findCycles, importGraph } from './graph.ts';
import { baseName, directoryOf } from './languages.ts';
import { LIMITS } from './limits.ts';
import { byCodeUnit, byKey } from './order.ts';
import type { ReadFile, ReadFiles } from './read-files.ts';
import type { TreeListing } from './read-tree.ts';
import type { Resolver } from './resolve.ts';

/** One repository as read: still without resolved imports, because they may lead into another one. */
export interface ReadRepo {
  readonly repo: RepoName;
  readonly role: 'primary' | 'secondary';
  readonly commit: Oid;
  readonly tree: Oid;
  readonly listing: TreeListing;
  readonly read: ReadFiles;
}

/** Turns what was read into the facts that documents cite. */
export function repoFacts(input: ReadRepo, resolve: Resolver): RepoFacts {
  const { repo, role, commit, tree, listing, read } = input;
  const files = read.files.map((file) => withTargets(repo, file, resolve));
  const problems = [...listing.problems, ...read.problems].sort(byKey((problem) => `${problem.path}\0${problem.code}`));
  return {
    repo, role, commit, tree, files,
    languages: languagesOf(files),
    manifests: read.manifests,
    submodules: listing.submodules,
    tests: files.filter((file) => file.kind === 'test').map((file) => ({ path: file.path, covers: coveredBy(file) })),
    ci: files.filter((file) => file.kind === 'ci').map((file) => file.path),
    entryPoints: entryPointsOf(files, read.manifests),
    owners: ownersOf(read.files),
    cycles: findCycles(repo, files.map((file) => file.path), importGraph([{ repo, files }])),
    problems: problems.slice(0, LIMITS.problems),
    counts: {
      files: files.length,
      bytes: files.reduce((sum, file) => sum + file.bytes, 0),
      symbols: files.reduce((sum, file) => sum + file.symbols.length, 0),
      imports: files.reduce((sum, file) => sum + file.imports.filter((entry) => entry.target !== null).length, 0),
      parsed: read.files.filter((file) => file.parsed).length,
    },
  };
}

function withTargets(repo: RepoName, { file, imports }: ReadFile, resolve: Resolver): ContextFile {
  return {
    ...file,
    imports: imports.flatMap((entry): FileImport[] => {
      const targets = resolve({ repo, path: file.path }, entry.specifier, entry.names);
      return targets.length === 0 ? [{ ...entry, target: null }] : targets.map((target) => ({ ...entry, target }));
    }),
  };
}

/** The files outside the tests that a test imports directly. */
function coveredBy(file: ContextFile): { repo: RepoName; path: string }[] {
  const covered = new Map(file.imports.flatMap(({ target }) => (target === null ? [] : [[`${target.repo}\0${target.path}`, target] as const])));
  return [...covered.entries()].sort(([left], [right]) => byCodeUnit(left, right)).map(([, target]) => target);
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

const ENTRY_NAMES = /^(?:index|main|app|server|cli|__main__|lib|mod)\.(?:[cm]?[jt]sx?|py|go|rs)$/;

/** What manifests name as entry, and files at the top of a package whose name says so. */
function entryPointsOf(files: readonly ContextFile[], manifests: readonly PackageManifest[]): string[] {
  const paths = new Set(files.map((file) => file.path));
  const roots = new Set(manifests.map((manifest) => directoryOf(manifest.path)));
  const under = (root: string, path: string): string => (root === '' ? path : `${root}/${path}`);
  const declared = manifests.flatMap((manifest) => manifest.entries.map((entry) => under(directoryOf(manifest.path), entry.replace(/^\.\//, ''))));
  const named = files.filter(({ path, kind }) => kind === 'source' && ENTRY_NAMES.test(baseName(path)) && isNearRoot(path, roots)).map((file) => file.path);
  return [...new Set([...declared.filter((path) => paths.has(path)), ...named])].sort(byCodeUnit).slice(0, 200);
}

function isNearRoot(path: string, roots: ReadonlySet<string>): boolean {
  const folder = directoryOf(path);
  return folder === '' || roots.has(folder) || roots.has(folder.replace(/(?:^|\/)(?:src|lib|app|cmd)$/, ''));
}

/** The CODEOWNERS file that GitHub would use: `.github/`, then the root, then `docs/`. */
function ownersOf(files: readonly ReadFile[]): RepoFacts['owners'] {
  const text = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'].map((path) => files.find((each) => each.file.path === path)?.text).find((each) => typeof each === 'string');
  const rules = (text ?? '').split('\n').map((line) => line.replace(/(?:^|\s)#.*$/, '').trim()).filter((line) => line !== '');
  return rules.slice(0, LIMITS.owners).map((line) => {
    const [pattern = '', ...owners] = line.split(/\s+/);
    return { pattern, owners };
  });
}
