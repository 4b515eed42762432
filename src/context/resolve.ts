import type { PackageManifest } from '../domain/context.ts';
import type { RepoName } from '../domain/ids.ts';
import { directoryOf, extensionOf } from './languages.ts';

export interface Target {
  readonly repo: RepoName;
  readonly path: string;
}

/** What the resolver knows of one repository: the paths of its pinned tree and its packages. */
export interface ResolvableRepo {
  readonly repo: RepoName;
  readonly paths: ReadonlySet<string>;
  readonly manifests: readonly PackageManifest[];
}

const EXTENSIONS = ['ts', 'tsx', 'mts', 'cts', 'd.ts', 'js', 'jsx', 'mjs', 'cjs', 'json', 'vue', 'svelte'];
// TypeScript lets an import name the file that will be emitted.
const EMITTED: Readonly<Record<string, readonly string[]>> = { js: ['ts', 'tsx'], jsx: ['tsx'], mjs: ['mts'], cjs: ['cts'] };

export type Resolver = (from: Target, specifier: string, names: readonly string[]) => readonly Target[];

/** Resolves imports by path alone, inside the workflow's repositories. Reads no resolver config and follows no link. */
export function createResolver(repos: readonly ResolvableRepo[]): Resolver {
  const packages = packageIndex(repos);
  const byName = new Map(repos.map((repo) => [repo.repo, repo]));
  return (from, specifier, names) => {
    const repo = byName.get(from.repo);
    if (repo === undefined || specifier.length > 1_000) return [];
    if (/^pyi?$/.test(extensionOf(from.path))) return resolvePython(repos, repo, { from, specifier, names });
    if (specifier.startsWith('.')) return targets(repo, candidates(joinPath(directoryOf(from.path), specifier)));
    return resolvePackage(packages, specifier);
  };
}

/** Joins and normalises; null when it climbs out of the repository. */
function joinPath(folder: string, relative: string): string | null {
  const parts = folder === '' ? [] : folder.split('/');
  for (const part of relative.split('/')) {
    if (part === '..') {
      if (parts.pop() === undefined) return null;
    } else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

function candidates(path: string | null): string[] {
  if (path === null) return [];
  const extension = extensionOf(path);
  const stem = path.slice(0, path.length - extension.length - 1);
  const emitted = Object.hasOwn(EMITTED, extension) ? (EMITTED[extension] ?? []).map((source) => `${stem}.${source}`) : [];
  const prefix = path === '' ? '' : `${path}/`;
  return [path, ...emitted, ...EXTENSIONS.map((each) => `${path}.${each}`), ...EXTENSIONS.map((each) => `${prefix}index.${each}`)];
}

function targets(repo: ResolvableRepo, paths: readonly string[]): Target[] {
  const path = paths.find((each) => repo.paths.has(each));
  return path === undefined ? [] : [{ repo: repo.repo, path }];
}

type PackageIndex = ReadonlyMap<string, { readonly repo: ResolvableRepo; readonly manifest: PackageManifest }>;

// The first repository (the primary one) wins when two declare the same name.
function packageIndex(repos: readonly ResolvableRepo[]): PackageIndex {
  const index = new Map<string, { repo: ResolvableRepo; manifest: PackageManifest }>();
  for (const repo of repos) {
    for (const manifest of repo.manifests) {
      if (manifest.ecosystem === 'npm' && manifest.name !== null && !index.has(manifest.name)) index.set(manifest.name, { repo, manifest });
    }
  }
  return index;
}

/** A package's name, with or without a subpath: its file, else an entry point, else its manifest. */
function resolvePackage(packages: PackageIndex, specifier: string): Target[] {
  const parts = specifier.split('/');
  const name = parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
  const found = packages.get(name);
  if (found === undefined) return [];
  const root = directoryOf(found.manifest.path);
  const subpath = parts.slice(name.split('/').length).join('/');
  const inSource = ['', 'src', 'lib'].flatMap((folder) => candidates(joinPath(root, `${folder}/${subpath}`)));
  const entries = found.manifest.entries.flatMap((entry) => candidates(joinPath(root, entry)));
  const [target] = targets(found.repo, subpath === '' ? [...entries, ...inSource] : inSource);
  return [target ?? { repo: found.repo.repo, path: found.manifest.path }];
}

interface PythonImport {
  readonly from: Target;
  readonly specifier: string;
  readonly names: readonly string[];
}

/** `from . import x` may name modules: each name that is a module is a target of its own. */
function resolvePython(repos: readonly ResolvableRepo[], repo: ResolvableRepo, use: PythonImport): Target[] {
  const dots = /^\.*/.exec(use.specifier)?.[0].length ?? 0;
  const module = use.specifier.slice(dots).replaceAll('.', '/');
  if (dots > 0) {
    const base = joinPath(directoryOf(use.from.path), `${'../'.repeat(dots - 1)}${module}`);
    return base === null ? [] : pythonModule(repo, base, use.names);
  }
  for (const each of [repo, ...repos.filter((other) => other !== repo)]) {
    for (const root of each === repo ? pythonRoots(each, use.from.path) : pythonRoots(each, '')) {
      const found = pythonModule(each, root === '' ? module : `${root}/${module}`, use.names);
      if (found.length > 0) return found;
    }
  }
  return [];
}

/** Where absolute imports start: the repository, `src`, each folder with a manifest, and the importing script's own folder. */
function pythonRoots(repo: ResolvableRepo, from: string): string[] {
  const projects = repo.manifests.filter((manifest) => manifest.ecosystem === 'python').map((manifest) => directoryOf(manifest.path));
  const bases = [...new Set(['', ...projects])];
  const own = from === '' ? [] : [directoryOf(from)];
  return [...new Set([...bases, ...bases.map((base) => (base === '' ? 'src' : `${base}/src`)), ...own])];
}

function pythonModule(repo: ResolvableRepo, base: string, names: readonly string[]): Target[] {
  const prefix = base === '' ? '' : `${base}/`;
  const submodules = names.flatMap((name) => targets(repo, [`${prefix}${name}.py`, `${prefix}${name}/__init__.py`]));
  const own = targets(repo, base === '' ? [] : [`${base}.py`, `${base}/__init__.py`, `${base}.pyi`]);
  return submodules.length > 0 ? submodules : own;
}
