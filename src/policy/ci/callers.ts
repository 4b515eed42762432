import type { Severity } from '../../domain/policy.ts';
import { foldPath } from '../fold-path.ts';
import { matchFrozen, type PathMatcher } from '../match-path.ts';
import { TEST_FILES } from '../weaker-tests/names-of-tests.ts';
import type { Caller, Trace } from './trace-base.ts';

/** For a path: who of the base's CI runs it or includes it; null when nobody does. Who names it himself comes before who reaches it. */
export function createCallerFinder({ files }: Pick<Trace, 'files'>): (path: string) => Caller | null {
  const exact = new Map<string, Caller>();
  const patterns: { readonly glob: string; readonly caller: Caller }[] = [];
  for (const { glob, caller } of files.toSorted((a, b) => Number(a.caller.via !== null) - Number(b.caller.via !== null))) {
    if (/^\/[^*\\?[\]{}()!]+$/.test(glob)) {
      const path = foldPath(glob.slice(1));
      if (!exact.has(path)) exact.set(path, caller);
    } else patterns.push({ glob, caller });
  }
  const matchers = [...new Map(patterns.toReversed().map((pattern) => [pattern.glob, pattern])).values()].map(({ caller, glob }) => ({ caller, isMatch: matchFrozen([glob]) }));
  return (path) => {
    const byName = exact.get(foldPath(path)) ?? null;
    if (byName !== null && byName.via === null) return byName;
    const byPattern = matchers.filter(({ isMatch }) => isMatch(path)).map(({ caller }) => caller);
    return byPattern.find(({ via }) => via === null) ?? byName ?? byPattern[0] ?? null;
  };
}

// Where people keep what a project ships, and where they keep what works on it.
const SOURCE = /(?:^|\/)(?:src|source|sources|lib|libs|app|apps|server|client|internal|cmd|pkg|examples?|demo|docs?)\/|(?:^|\/)bin\/[^/]+\.\w+$|(?:^|\/)(?:index|main|app|server|cli|manage|mod)\.\w+$/i;
const TOOLING = /(?:^|\/)(?:scripts?|tools?|tooling|build|builder|ci|hack|tasks?|devops|deploy(?:ment)?|release|infra|etc)\//i;
const SHELL = /\.(?:sh|bash|zsh|ksh|fish|ps1|psm1|bat|cmd|mk)$/i;
let isTest: PathMatcher | null = null;

/**
 * What CI names itself is CI. What it reaches by way of another file is, too; but where that is the project's own source
 * or a test, every ordinary change is of such a file, and a reviewer is told instead.
 */
export function weighCalled(path: string, { via }: Caller): Severity {
  if (via === null) return 'BLOCK';
  if ((isTest ??= matchFrozen(TEST_FILES))(path)) return 'WARN';
  return SOURCE.test(path) && !TOOLING.test(path) && !SHELL.test(path) ? 'WARN' : 'BLOCK';
}
