import type { Architecture, PathSet, Plan, Scope } from '../../domain/documents.ts';
import type { RepoName } from '../../domain/ids.ts';
import { nearby } from '../../domain/nearby-path.ts';
import { createScopeMatcher } from '../../gates/scope-paths.ts';
import { matchAllowed } from '../../policy/match-path.ts';

/** The files of each repository of the workflow at its pinned commit. */
export type Trees = ReadonlyMap<RepoName, ReadonlySet<string>>;
const NONE: ReadonlySet<string> = new Set();
const filesOf = (trees: Trees, repo: RepoName): ReadonlySet<string> => trees.get(repo) ?? NONE;

interface Place {
  readonly repo: RepoName;
  readonly path: string;
}
const placesIn = (sets: readonly PathSet[]): readonly Place[] => sets.flatMap(({ repo, paths }) => paths.map((path) => ({ repo, path })));

const GLOB = /[*?[\]{}]/u;
/** A path that is read as a pattern: a file may have such a name, too. */
const isGlob = (path: string, files: ReadonlySet<string>): boolean => GLOB.test(path.replaceAll(/\\./gsu, '')) && !files.has(path);
const plainOf = (path: string): string => path.replaceAll(/\\(.)/gsu, '$1');

/** Every allowed path is there at the pinned commit, or is said to be new. */
export function unknownPaths(scope: Pick<Scope, 'allowedPaths' | 'newPaths'>, trees: Trees): string[] {
  const { newPaths } = scope;
  const declared = newPaths === undefined ? null : placesIn(newPaths);
  const faults = placesIn(scope.allowedPaths).flatMap((place) => allowedFault(place, filesOf(trees, place.repo), declared) ?? []);
  return [...faults, ...(declared ?? []).flatMap((place) => newFault(place, scope, filesOf(trees, place.repo)) ?? [])];
}

function allowedFault({ repo, path }: Place, files: ReadonlySet<string>, declared: readonly Place[] | null): string | null {
  const neat = path.replace(/^(?:\.?\/)+/u, '');
  if (neat !== path) return `The scope allows ${path} in ${repo}: a path begins at the root of the repository, without "./" or "/". Write ${neat}.`;
  const folder = path.replace(/\/+$/u, '');
  if (isFolder(folder, files)) return `The scope allows ${path} in ${repo}, which is a folder: name its files, or write ${folder}/** for all of them.`;
  if (files.has(plainOf(path))) return null;
  const matches = isGlob(path, files) ? matchAllowed([path]) : null;
  if (matches !== null && some(files, matches)) return null;
  if (declared === null) return hasPlace(path, files) ? null : `The scope allows ${path} in ${repo}, which has neither such a file nor the folder it would be in.${nearby(path, files)}`;
  if (declared.some((place) => place.repo === repo && (place.path === path || matches?.(place.path) === true))) return null;
  return `The scope allows ${path} in ${repo}, which has no such file at the pinned commit and is not declared new: name a file that is there, or put it into newPaths.${nearby(path, files)}`;
}

function newFault({ repo, path }: Place, { allowedPaths }: Pick<Scope, 'allowedPaths'>, files: ReadonlySet<string>): string | null {
  if (files.has(path)) return `newPaths names ${path} in ${repo}, which is there already at the pinned commit.`;
  const allowed = allowedPaths.filter((set) => set.repo === repo).flatMap(({ paths }) => paths);
  return allowed.includes(path) || matchAllowed(allowed)(path) ? null : `newPaths names ${path} in ${repo}, which is not among the allowed paths.`;
}

/** Where nothing is declared new, a path has a place when a folder above it is there, or when it is new near the root. */
function hasPlace(path: string, files: ReadonlySet<string>): boolean {
  const [fixed = ''] = path.split(GLOB);
  const folders = fixed.split('/').slice(0, -1);
  if (folders.length < 2) return true;
  return folders.some((_, index) => isFolder(folders.slice(0, folders.length - index).join('/'), files));
}

const isFolder = (path: string, files: ReadonlySet<string>): boolean => path !== '' && some(files, (file) => file.startsWith(`${path}/`));

function some(files: ReadonlySet<string>, holds: (file: string) => boolean): boolean {
  for (const file of files) if (holds(file)) return true;
  return false;
}

/** A component lies where files are, or where the scope lets new ones come. */
export function inventedComponents({ components }: Architecture, { allowedPaths }: Scope, trees: Trees): string[] {
  return components.flatMap(({ id, repo, paths }) => {
    const files = filesOf(trees, repo);
    const allowed = allowedPaths.filter((set) => set.repo === repo).flatMap((set) => set.paths);
    const isAllowed = matchAllowed(allowed);
    const isThere = (path: string): boolean => {
      const folder = path.replace(/^(?:\.?\/)+|^\.$/u, '').replace(/\/?(?:\*\*?\/?)*$/u, '');
      if (folder === '' || files.has(folder) || files.has(path) || isFolder(folder, files)) return true;
      if (isAllowed(folder) || allowed.some((each) => each.startsWith(`${folder}/`))) return true;
      return isGlob(path, files) && some(files, matchAllowed([path]));
    };
    return paths.filter((path) => !isThere(path)).map((path) => `Component ${id} lies in ${path}, which is neither in ${repo} at the pinned commit nor among the allowed paths.${nearby(path, files)}`);
  });
}

/** What is allowed must be possible: forbidden paths win, in any spelling. */
export function allowedAndForbidden(scope: Scope, trees: Trees): string[] {
  return placesIn(scope.allowedPaths).filter(({ repo, path }) => {
    const judge = createScopeMatcher(scope, repo);
    const files = filesOf(trees, repo);
    if (!isGlob(path, files)) return judge(plainOf(path)) === 'forbidden';
    const covered = [...files].filter(matchAllowed([path]));
    return covered.length > 0 && covered.every((file) => judge(file) === 'forbidden');
  }).map(({ repo, path }) => `${path} in ${repo} is allowed and forbidden.`);
}

/** Each planned operation fits what the pinned commit has, and what was allowed as a new file comes. */
export function wrongOperations(scope: Scope, { tasks }: Plan, trees: Trees): string[] {
  const wrong = tasks.flatMap(({ id, repo, files }) =>
    files.flatMap(({ path, operation }) => {
      const exists = filesOf(trees, repo).has(path);
      if (operation === 'add') return exists ? [`Task ${id} adds ${path}, which ${repo} already has at the pinned commit: modify it.`] : [];
      return exists ? [] : [`Task ${id} would ${operation} ${path}, but ${repo} has no such file at the pinned commit: add it, if it is to be new.${nearby(path, filesOf(trees, repo))}`];
    }),
  );
  return [...wrong, ...(scope.newPaths === undefined ? neverAdded(scope, { tasks }, trees) : [])];
}

/** An allowed file that is neither there nor planned was made up. */
function neverAdded({ allowedPaths }: Scope, { tasks }: Pick<Plan, 'tasks'>, trees: Trees): string[] {
  const planned = new Set(tasks.flatMap(({ repo, files }) => files.map(({ path }) => `${repo}:${path}`)));
  return placesIn(allowedPaths)
    .filter(({ repo, path }) => !isGlob(path, filesOf(trees, repo)) && !filesOf(trees, repo).has(plainOf(path)) && !planned.has(`${repo}:${plainOf(path)}`))
    .map(({ repo, path }) => `The scope allows ${path} in ${repo}, which is not there at the pinned commit, and no task adds it: plan it as "add", or ask for another scope in a blocking unknown.`);
}
