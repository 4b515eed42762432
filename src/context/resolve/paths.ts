import type { RepoName } from '../../domain/ids.ts';
import { baseName, directoryOf } from '../languages.ts';

export interface Target {
  readonly repo: RepoName;
  readonly path: string;
}

/** Joins and normalises; null when it climbs out of the repository. */
export function joinPath(folder: string, relative: string): string | null {
  // Most are `./name`.
  if (folder !== '' && relative.startsWith('./') && relative.length > 2 && relative.indexOf('/', 2) < 0 && relative !== './..' && relative !== './.') return `${folder}/${relative.slice(2)}`;
  const parts = folder === '' ? [] : folder.split('/');
  for (const part of relative.split('/')) {
    if (part === '..') {
      if (parts.pop() === undefined) return null;
    } else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

export const under = (folder: string, path: string): string => (folder === '' ? path : `${folder}/${path}`);

/** The folder itself and every one above it, the nearest first, ending with the root. */
export function foldersAbove(folder: string): string[] {
  const folders = [folder];
  for (let at = folder; at !== ''; ) {
    at = directoryOf(at);
    folders.push(at);
  }
  return folders;
}

/** The paths of one pinned tree, by whole path, by file name and by folder. Nothing but names is looked at. */
export interface PathIndex {
  has(path: string): boolean;
  /** The first of `paths` that exists. */
  first(paths: readonly string[]): string | null;
  /** Files whose path is `suffix` or ends in `/suffix`; the shortest first. */
  endingIn(suffix: string): readonly string[];
  /** Files directly in a folder, sorted. */
  filesIn(folder: string): readonly string[];
  /** Files in a folder and below it, by folder. */
  filesUnder(folder: string): readonly string[];
  /** Folders whose path is `suffix` or ends in `/suffix`; the shortest first. */
  foldersEndingIn(suffix: string): readonly string[];
}

export function indexPaths(sorted: readonly string[]): PathIndex {
  const all = new Set(sorted);
  const byName = groupBy(sorted, baseName);
  const byFolder = groupBy(sorted, directoryOf);
  const folders = groupBy([...byFolder.keys()], baseName);
  const matching = (paths: readonly string[], suffix: string): string[] =>
    paths.filter((path) => path === suffix || path.endsWith(`/${suffix}`)).sort((left, right) => left.length - right.length || (left < right ? -1 : 1));
  return {
    has: (path) => all.has(path),
    first: (paths) => paths.find((path) => all.has(path)) ?? null,
    endingIn: (suffix) => matching(byName.get(baseName(suffix)) ?? [], suffix),
    filesIn: (folder) => byFolder.get(folder) ?? [],
    filesUnder: (folder) => (folder === '' ? sorted : [...byFolder].flatMap(([each, files]) => (each === folder || each.startsWith(`${folder}/`) ? files : []))),
    foldersEndingIn: (suffix) => matching(folders.get(baseName(suffix)) ?? [], suffix),
  };
}

function groupBy(paths: readonly string[], key: (path: string) => string): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const path of paths) {
    const name = key(path);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [path]);
    else group.push(path);
  }
  return groups;
}
