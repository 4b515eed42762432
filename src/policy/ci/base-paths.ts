import { foldPath } from '../fold-path.ts';
import { matchFrozen, type PathMatcher } from '../match-path.ts';
import { CI_GLOBS } from './ci-globs.ts';
import { UNKNOWN } from './shell-commands.ts';
import { TOOLS } from './tasks/tools.ts';

// Only files that can hold scripts are read; the many paths of a large tree are sorted out by their endings first.
const READABLE = /\.ya?ml$|(?:^|\/)(?:jenkinsfile|earthfile)[^/]*$|\.jenkins(?:file)?$|(?:^|\/)\.(?:husky|buildkite|circleci)\/|\.(?:drone|buildkite)[^/]*\.json$|(?:^|\/)\.(?:drone|cirrus)\.(?:jsonnet|star)$|(?:^|\/)\.?lefthook[^/]*\.(?:toml|jsonc?)$|(?:^|\/)(?:renovate[^/]*|\.renovaterc)(?:\.json[5c]?)?$|(?:^|\/)dagger\.json$|(?:^|\/)\.teamcity\/[^/]+\.kts$|(?:^|\/)\.?jenkins\/.*\.groovy$/i;
export const isReadable = (path: string): boolean => READABLE.test(path);

let isCiFile: PathMatcher | null = null;

/** What the paths of a base tree alone say. */
export interface Paths {
  readonly byFolded: ReadonlyMap<string, string>;
  readonly ciFiles: readonly string[];
  /** Files of tasks by their names, without those of packages that are checked in. */
  readonly taskFiles: readonly (readonly [folded: string, path: string])[];
}
// One tree is asked about in several rounds.
const pathMemory = new WeakMap<readonly string[], Paths>();

export function pathsOf(basePaths: readonly string[]): Paths {
  const kept = pathMemory.get(basePaths);
  if (kept !== undefined) return kept;
  const byFolded = new Map(basePaths.map((path) => [foldPath(path), path]));
  const taskFiles = [...byFolded].filter(([folded]) => TASK_FILES.test(nameOf(folded)) && !/(?:^|\/)(?:node_modules|vendor)\//.test(folded));
  const paths = { byFolded, ciFiles: basePaths.filter(isReadableCi), taskFiles };
  pathMemory.set(basePaths, paths);
  return paths;
}

const TASK_FILES = new RegExp(Object.values(TOOLS).map(({ files }) => files.source).join('|'));
export const isReadableCi = (path: string): boolean => READABLE.test(path) && (isCiFile ??= matchFrozen(CI_GLOBS))(path);

/** The folder, and those above it where they count, the nearest first. */
export function foldersFrom(folder: string, isUpwards: boolean): string[] {
  const parts = folder === '' ? [] : folder.split('/');
  return isUpwards ? [...parts.keys(), parts.length].toReversed().map((count) => parts.slice(0, count).join('/')) : [folder];
}

/** A path as a glob from the root; only what the run knows, and stars, stand for others. */
export const globOfPath = (path: string): string => `/${path.replaceAll(/[\\?[\]{}()!]/g, String.raw`\$&`).replaceAll(UNKNOWN, '*')}`;
export const folderOf = (path: string): string => path.split('/').slice(0, -1).join('/');
export const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

export function join(folder: string, path: string): string {
  const parts: string[] = [];
  for (const part of `${folder}/${path}`.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}
