import picomatch from 'picomatch';
import { foldGlob, foldPath } from './fold-path.ts';

// Extended globs and negation are off: a pattern may come from a document that a model wrote, and nested
// quantifiers would let it stall us; `windows` is fixed so that the answer is the same on every system.
const OPTIONS = { dot: true, noextglob: true, nonegate: true, windows: false } as const;

/** Longer paths are not compared: they count as frozen and never as allowed, so that a flood of slashes costs nothing. */
export const PATH_CHARACTERS_MAX = 4096;

// Parentheses, bars and plus signs are letters in file names and would be regular expressions in a glob.
const literal = (glob: string): string => glob.replaceAll(/(\\.)|[()|+]/gs, (found, escaped: string | undefined) => escaped ?? `\\${found}`);

export type PathMatcher = (path: string) => boolean;

/**
 * Matches what must not be touched: any spelling of the path (`foldPath`), and at any depth. `ci` and `ci/` name a file
 * or folder of that name and everything below it; a leading `/` ties the glob to the root of the repository.
 */
export function matchFrozen(globs: readonly string[]): PathMatcher {
  const patterns = globs.flatMap(expandFrozen);
  // A name like `[slug].ts` is also a glob, for another name: it means itself too.
  const exact = new Set(globs.map((glob) => foldPath(glob).replace(/^\/+/, '')));
  const names = new Set(globs.flatMap(plainNames));
  const isMatch = patterns.length === 0 ? () => false : matchAny(patterns);
  return (path) => {
    if (path.length > PATH_CHARACTERS_MAX) return true;
    const folded = foldPath(path).replace(/^\/+/, '');
    return exact.has(folded) || hasName(folded, names) || isMatch(folded);
  };
}

/** Most globs are names alone, and a tree has many paths: whether one of the names is in a path needs no pattern. */
function plainNames(glob: string): string[] {
  const folded = foldGlob(glob).replace(/\/+$/, '');
  const [, before = '', list = '', after = ''] = /^([\w.@-]*)\{([\w.@,-]+)\}([\w.@-]*)$/.exec(folded) ?? [];
  if (list.includes(',') && !list.includes('..')) {
    const names = list.split(',').map((each) => `${before}${each}${after}`);
    return names.every((name) => /[\w@-]/.test(name)) ? names : [];
  }
  return /^[\w.@-]*[\w@-][\w.@-]*$/.test(folded) ? [folded] : [];
}

function hasName(path: string, names: ReadonlySet<string>): boolean {
  if (names.size === 0) return false;
  for (let from = 0; ; ) {
    const end = path.indexOf('/', from);
    if (names.has(end < 0 ? path.slice(from) : path.slice(from, end))) return true;
    if (end < 0) return false;
    from = end + 1;
  }
}

/** One pattern in place of many: asked for each path of a large tree, that is many times faster. */
function matchAny(patterns: readonly string[]): PathMatcher {
  const options = { ...OPTIONS, nocase: true };
  const sources = patterns.map((pattern) => picomatch.makeRe(literal(pattern), options).source);
  const any = new RegExp(sources.map((source) => `(?:${source})`).join('|'), 'i');
  return (path) => any.test(path);
}

function expandFrozen(glob: string): string[] {
  if (plainNames(glob).length > 0) return [];
  const folded = foldGlob(glob).replace(/\/+$/, '');
  const anchored = folded.startsWith('/') ? folded.replace(/^\/+/, '') : `**/${folded}`;
  return anchored.endsWith('/**') ? [anchored] : [anchored, `${anchored}/**`];
}

/** Matches what may be touched: exactly the path as it is spelled, from the root. Anything else would open more than was said. */
export function matchAllowed(globs: readonly string[]): PathMatcher {
  if (globs.length === 0) return () => false;
  const exact = new Set(globs);
  const isMatch = picomatch(globs.map(literal), OPTIONS);
  return (path) => path.length <= PATH_CHARACTERS_MAX && (exact.has(path) || isMatch(path));
}
