import type { PackageManifest } from '../../domain/context.ts';
import { entriesOf } from '../manifests/manifest-facts.ts';
import { directoryOf } from '../languages.ts';
import { candidates, findCandidate } from './candidates.ts';
import { foldersAbove, joinPath, under } from './paths.ts';
import { packageKey, type ResolvableRepo, type ResolveIn } from './repo.ts';
import { resolveByTsconfig } from './tsconfig.ts';

const only = (path: string | null): string[] => (path === null ? [] : [path]);

/** Relative paths, `tsconfig` paths, the package's own `#imports`, then packages of the workspace. */
export const resolveEcmaScript: ResolveIn = (repo, { path, specifier }, own) => {
  const plain = specifier.replace(/[?#].*$/, '') || specifier;
  const folder = directoryOf(path);
  if (own && /^\.\.?(?:\/|$)/.test(plain)) return only(relative(repo, folder, plain));
  if (own && specifier.startsWith('#')) return only(ownImport(repo, folder, specifier));
  if (plain.startsWith('/') || plain.includes(':')) return [];
  if (own) {
    const aliased = resolveByTsconfig(repo, folder, plain);
    if (aliased !== null) return [aliased];
  }
  return only(packageFile(repo, plain) ?? (own ? byConvention(repo, folder, plain) : null));
};

/** What frameworks make of `@/`, `~/` and `$lib/` where no tsconfig says so: the sources of the nearest package. */
function byConvention(repo: ResolvableRepo, folder: string, specifier: string): string | null {
  const [, alias = '', rest = ''] = /^(@|~|\$lib)(?:\/(.+))?$/.exec(specifier) ?? [];
  if (alias === '' || (rest === '' && alias !== '$lib')) return null;
  const root = foldersAbove(folder).find((above) => repo.paths.has(under(above, 'package.json')));
  if (root === undefined) return null;
  return firstOf(repo, (alias === '$lib' ? ['src/lib'] : ['src', 'app', '']).map((of) => joinPath(root, `${of}/${rest}`)));
}

function relative(repo: ResolvableRepo, folder: string, specifier: string): string | null {
  const target = joinPath(folder, specifier);
  const found = findCandidate(repo.paths, target);
  if (found !== null || target === null || !repo.paths.has(under(target, 'package.json'))) return found;
  // A folder with a manifest of its own: its entry.
  const manifest = repo.manifests.find((each) => each.path === under(target, 'package.json'));
  return manifest === undefined ? null : entryOf(repo, manifest);
}

function entryOf(repo: ResolvableRepo, manifest: PackageManifest): string | null {
  const root = directoryOf(manifest.path);
  // `exports` may name its types first; what a user runs is the code.
  const isDeclaration = (entry: string): boolean => /\.d\.[cm]?ts$/.test(entry);
  return firstOf(repo, [...manifest.entries.filter((entry) => !isDeclaration(entry)), ...['', 'src', 'lib'].map((folder) => `${folder}/index`), ...manifest.entries.filter(isDeclaration)].map((entry) => joinPath(root, entry)));
}

/** The first file that one of the paths stands for. */
function firstOf(repo: ResolvableRepo, paths: readonly (string | null)[]): string | null {
  for (const path of paths) {
    const found = repo.paths.first(candidates(path));
    if (found !== null) return found;
  }
  return null;
}

/** A package's name, with or without a subpath: its file, else an entry point, else its manifest. */
function packageFile(repo: ResolvableRepo, specifier: string): string | null {
  const parts = specifier.split('/');
  const name = parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
  const manifest = repo.packages.get(packageKey('npm', name));
  if (manifest === undefined) return null;
  const root = directoryOf(manifest.path);
  const subpath = specifier.slice(name.length + 1);
  if (subpath === '') return entryOf(repo, manifest) ?? manifest.path;
  const mapped = mapSubpath(repo.configs.packages.get(manifest.path)?.exports, `./${subpath}`).flatMap((target) => sourcesOf(root, target));
  return repo.paths.first(mapped) ?? firstOf(repo, ['', 'src', 'lib'].map((folder) => joinPath(root, `${folder}/${subpath}`))) ?? manifest.path;
}

// What is exported is often built; its source lies under `src` by the same name.
function sourcesOf(root: string, target: string): string[] {
  const built = target.replace(/^\.\//, '').replace(/^(?:dist|build|lib|out)(?:\/(?:esm|cjs|es|types))?\//, 'src/').replace(/\.d\.[cm]?ts$|\.[cm]?js$/, '');
  return [...candidates(joinPath(root, target)), ...candidates(joinPath(root, built))];
}

function ownImport(repo: ResolvableRepo, folder: string, specifier: string): string | null {
  for (const above of foldersAbove(folder)) {
    const maps = repo.configs.packages.get(under(above, 'package.json'));
    if (maps === undefined) continue;
    return repo.paths.first(mapSubpath(maps.imports, specifier).flatMap((target) => sourcesOf(above, target)));
  }
  return null;
}

/** Targets of a key of `exports` or `imports`, with its one `*` filled in; every condition counts. */
function mapSubpath(map: unknown, key: string): string[] {
  for (const [pattern, value] of entriesOf(map)) {
    const star = pattern.indexOf('*');
    const [head, tail] = star < 0 ? [pattern, ''] : [pattern.slice(0, star), pattern.slice(star + 1)];
    if (star < 0 ? pattern !== key : !(key.startsWith(head) && key.endsWith(tail) && key.length >= head.length + tail.length)) continue;
    const filled = star < 0 ? '' : key.slice(head.length, key.length - tail.length);
    return textsIn(value, 0).map((target) => target.replaceAll('*', () => filled));
  }
  return [];
}

function textsIn(value: unknown, depth: number): string[] {
  if (typeof value === 'string') return [value];
  if (depth > 6) return [];
  return Array.isArray(value) ? value.flatMap((each: unknown) => textsIn(each, depth + 1)) : entriesOf(value).flatMap(([, each]) => textsIn(each, depth + 1));
}
