import type { BaseFiles } from '../input.ts';
import { foldPath } from '../fold-path.ts';
import { matchFrozen, type PathMatcher } from '../match-path.ts';
import { CI_GLOBS } from './ci-globs.ts';
import { readDefinition, type Called } from './read-definition.ts';

/** More CI files than this are not read; the rule then says so. */
export const CI_FILES_MAX = 1000;
// Only files that can hold scripts are read; the many paths of a large tree are sorted out by their endings first.
const READABLE = /\.ya?ml$|(?:^|\/)(?:jenkinsfile|earthfile)[^/]*$|\.jenkinsfile$|(?:^|\/)\.(?:husky|buildkite|circleci)\/|\.(?:drone|buildkite)[^/]*\.json$/i;

let isCiFile: PathMatcher | null = null;
// What a file calls depends on its bytes and path alone. Kept only as long as the bytes are.
const memory = new WeakMap<Uint8Array, { readonly path: string; readonly called: readonly Called[] }>();

/** The CI files of the base tree that are to be read: those known by name, and those that they include. */
export function wantedCiFiles(basePaths: readonly string[], known: BaseFiles): string[] {
  const isCi = (isCiFile ??= matchFrozen(CI_GLOBS));
  const byName = basePaths.filter((path) => READABLE.test(path) && isCi(path));
  const included = definitionMatcher(known);
  const more = included === null ? [] : basePaths.filter((path) => READABLE.test(path) && included(path));
  return [...new Set([...byName, ...more])].slice(0, CI_FILES_MAX);
}

function definitionMatcher(known: BaseFiles): PathMatcher | null {
  const globs = [...known].flatMap(([path, bytes]) => calledOf(path, bytes)).filter(({ isDefinition }) => isDefinition);
  return globs.length === 0 ? null : matchFrozen([...new Set(globs.map(({ glob }) => glob))]);
}

export interface Caller {
  readonly by: string;
  readonly line: number;
}

/** For a path: the CI file of the base tree that runs it or includes it, and the line there; null when none does. */
export function createCallerFinder(baseFiles: BaseFiles): (path: string) => Caller | null {
  const exact = new Map<string, Caller>();
  const patterns: { readonly glob: string; readonly caller: Caller }[] = [];
  for (const [by, bytes] of baseFiles) {
    for (const { glob, line } of calledOf(by, bytes)) {
      if (/^\/[^*\\?[\]{}()!]+$/.test(glob)) {
        const path = foldPath(glob.slice(1));
        if (!exact.has(path)) exact.set(path, { by, line });
      } else patterns.push({ glob, caller: { by, line } });
    }
  }
  const matchers = patterns.map(({ glob, caller }) => ({ caller, isMatch: matchFrozen([glob]) }));
  return (path) => exact.get(foldPath(path)) ?? matchers.find(({ isMatch }) => isMatch(path))?.caller ?? null;
}

function calledOf(path: string, bytes: Uint8Array | null): readonly Called[] {
  if (bytes === null) return [];
  const kept = memory.get(bytes);
  if (kept?.path === path) return kept.called;
  const called = readDefinition(path, bytes);
  memory.set(bytes, { path, called });
  return called;
}
