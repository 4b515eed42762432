import { directoryOf } from '../languages.ts';
import { candidates } from './candidates.ts';
import type { TsConfig } from './configs.ts';
import { foldersAbove, joinPath, under } from './paths.ts';
import { packageKey, type ResolvableRepo } from './repo.ts';

const EXTENDS_MAX = 10;
type Options = Pick<TsConfig, 'baseUrl' | 'paths'>;

/** What `paths` and `baseUrl` of the nearest `tsconfig.json` (or `jsconfig.json`) make of a bare specifier. */
export function resolveByTsconfig(repo: ResolvableRepo, folder: string, specifier: string): string | null {
  for (const options of optionsAbove(repo, folder)) {
    const found = byOptions(repo, options, specifier);
    if (found !== null) return found;
  }
  return null;
}

/** By repository and folder: most imports of a folder ask for the same ones. */
const remembered = new WeakMap<ResolvableRepo, Map<string, readonly Options[]>>();

/** What the configurations in a folder and above it say, the nearest first; those that say nothing are left out. */
function optionsAbove(repo: ResolvableRepo, folder: string): readonly Options[] {
  const folders = remembered.get(repo) ?? new Map<string, readonly Options[]>();
  remembered.set(repo, folders);
  const before = folders.get(folder);
  if (before !== undefined) return before;
  const found = foldersAbove(folder).flatMap((above) => {
    const path = [under(above, 'tsconfig.json'), under(above, 'jsconfig.json')].find((each) => repo.configs.tsconfigs.has(each));
    return path === undefined ? [] : [optionsOf(repo, path, [])];
  }).filter(({ baseUrl, paths }) => baseUrl !== null || paths.length > 0);
  folders.set(folder, found);
  return found;
}

function byOptions(repo: ResolvableRepo, { baseUrl, paths }: Options, specifier: string): string | null {
  const matches = paths.flatMap(({ pattern, targets }) => {
    const star = pattern.indexOf('*');
    if (star < 0) return pattern === specifier ? [{ length: Number.POSITIVE_INFINITY, targets }] : [];
    const [head, tail] = [pattern.slice(0, star), pattern.slice(star + 1)];
    if (!specifier.startsWith(head) || !specifier.endsWith(tail) || specifier.length < head.length + tail.length) return [];
    const filled = specifier.slice(head.length, specifier.length - tail.length);
    return [{ length: head.length, targets: targets.map((target) => target.replace('*', () => filled)) }];
  });
  // The longest prefix wins, as TypeScript has it.
  const [best] = matches.sort((left, right) => right.length - left.length);
  const found = best === undefined ? null : repo.paths.first(best.targets.flatMap((target) => candidates(target)));
  return found ?? (baseUrl === null ? null : repo.paths.first(candidates(joinPath(baseUrl, specifier))));
}

/** Options with those of the extended files below them. A file that extends itself, however far around, ends the chain. */
function optionsOf(repo: ResolvableRepo, path: string, seen: readonly string[]): Options {
  const config = repo.configs.tsconfigs.get(path);
  if (config === undefined || seen.includes(path) || seen.length >= EXTENDS_MAX) return { baseUrl: null, paths: [] };
  let { baseUrl, paths } = config;
  for (const each of config.extends.toReversed()) {
    const parent = extended(repo, path, each);
    if (parent === null) continue;
    const from = optionsOf(repo, parent, [...seen, path]);
    baseUrl ??= from.baseUrl;
    if (paths.length === 0) paths = from.paths;
  }
  return { baseUrl, paths };
}

/** The tsconfig that `extends` names: a path, or a package of the workspace. */
function extended(repo: ResolvableRepo, path: string, specifier: string): string | null {
  const known = (target: string | null): string | null => (target === null ? null : ([target, `${target}.json`, under(target, 'tsconfig.json')].find((each) => repo.configs.tsconfigs.has(each)) ?? null));
  if (specifier.startsWith('.')) return known(joinPath(directoryOf(path), specifier));
  const name = specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
  const manifest = repo.packages.get(packageKey('npm', name));
  return manifest === undefined ? null : known(joinPath(directoryOf(manifest.path), specifier.slice(name.length + 1) || '.'));
}
