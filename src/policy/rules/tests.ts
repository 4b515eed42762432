import type { JudgedChange } from '../input.ts';
import { matchFrozen, type PathMatcher } from '../match-path.ts';
import { createRule } from '../path-rule.ts';
import type { Finding } from '../rule.ts';
import { showPath } from '../show.ts';
import { decodeText } from '../text-lines.ts';
import { findFewerAssertions } from '../weaker-tests/assertions.ts';
import { COVERAGE_FILES, findLowerCoverage } from '../weaker-tests/coverage.ts';
import { findEmptied } from '../weaker-tests/emptied.ts';
import { findForgiving, RUN_FILES } from '../weaker-tests/forgiving.ts';
import { findVaguer } from '../weaker-tests/markers.ts';
import { withoutBlockComments, type Sides, type Weakening } from '../weaker-tests/sides.ts';
import { findSkips } from '../weaker-tests/skips.ts';
import { TEST_FILES } from '../weaker-tests/names-of-tests.ts';

const FINDINGS_PER_FILE_MAX = 20;
const TEXT_CHARACTERS_MAX = 4 * 1024 * 1024;
const why = 'Weaker tests let a wrong change pass, and the checks that follow rest on them.';
const help = 'Check that the issue asks for this; a reviewer sees it as a warning.';

interface Matchers {
  readonly isTest: PathMatcher;
  readonly setsCoverage: PathMatcher;
  readonly runsTests: PathMatcher;
}
let matchers: Matchers | null = null;

/** Test files that go, tests that are left out or emptied, assertions that become fewer, thresholds that fall, checks that may fail. */
export const tests = createRule('tests', ({ changes }) => {
  const match = (matchers ??= { isTest: matchFrozen(TEST_FILES), setsCoverage: matchFrozen(COVERAGE_FILES), runsTests: matchFrozen(RUN_FILES) });
  const moves = createMoves(changes, match.isTest);
  return changes.flatMap((judged) => judge(judged, { match, moves }));
});

function judge(judged: JudgedChange, { match, moves }: { match: Matchers; moves: Moves }): Finding[] {
  const { path, op } = judged.change;
  const isTest = match.isTest(path);
  if (op === 'delete') return isTest && !moves.isMoved(judged) ? [{ path, message: `Deletes the test file ${showPath(path)}.`, why, help }] : [];
  const [old, now] = [decodeText(judged.oldBytes ?? moves.oldBytesOf(judged)) ?? '', decodeText(judged.newBytes)];
  if (now === null || now.length > TEXT_CHARACTERS_MAX || old.length > TEXT_CHARACTERS_MAX) return [];
  const sides: Sides = { path, old: withShortLines(old), now: withShortLines(now) };
  const code: Sides = { path, old: withoutBlockComments(path, sides.old), now: withoutBlockComments(path, sides.now) };
  const found: Weakening[] = [
    ...(isTest || hasTestsInside(path, sides) ? [...findSkips(sides), ...findEmptied(code), ...findFewerAssertions(code), ...findVaguer(code)] : []),
    ...(match.setsCoverage(path) ? findLowerCoverage(sides) : []),
    ...(match.runsTests(path) ? findForgiving(sides) : []),
  ];
  return found.slice(0, FINDINGS_PER_FILE_MAX).map(({ line, what, isAboutFile }) => ({ path, line, message: `${isAboutFile ? '' : `Line ${line} of `}${showPath(path)} ${what}.`, why, help }));
}

// What a person wrote as a test is shorter; patterns that look far ahead would take quadratic time on a line of megabytes.
const LINE_CHARACTERS_MAX = 2000;
const LONG_LINES = new RegExp(`^([^\\n]{${LINE_CHARACTERS_MAX}})[^\\n]+`, 'gm');
const withShortLines = (text: string): string => (text.length <= LINE_CHARACTERS_MAX ? text : text.replaceAll(LONG_LINES, '$1'));

/** Rust keeps tests beside the code; so does Vitest, when asked. */
const hasTestsInside = (path: string, { old, now }: Sides): boolean => /\.(?:rs|[cm]?[jt]sx?)$/.test(path) && [old, now].some((text) => /#\[(?:\w+::)?test\]|#\[cfg\(test\)\]|import\.meta\.vitest/.test(text));

interface Moves {
  /** True for a deleted file whose content or name is there in another place. */
  isMoved(judged: JudgedChange): boolean;
  /** What a new file was before it moved here, if it did. */
  oldBytesOf(judged: JudgedChange): Uint8Array | null;
}

/** A change has no renames: a test that moves is a delete and an add, with the same content or the same name. */
function createMoves(changes: readonly JudgedChange[], isTest: PathMatcher): Moves {
  const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
  const gone = changes.filter(({ change }) => change.op === 'delete' && isTest(change.path));
  const come = changes.filter(({ change }) => change.op === 'add' && isTest(change.path));
  const contents = new Set(come.map(({ change }) => change.newBlob));
  const goneByName = uniqueBy(gone, ({ change }) => nameOf(change.path));
  const comeByName = uniqueBy(come, ({ change }) => nameOf(change.path));
  return {
    isMoved: ({ change }) => contents.has(change.oldBlob) || (goneByName.has(nameOf(change.path)) && comeByName.has(nameOf(change.path))),
    oldBytesOf: ({ change }) => (change.op === 'add' && comeByName.has(nameOf(change.path)) ? (goneByName.get(nameOf(change.path))?.oldBytes ?? null) : null),
  };
}

/** By key, where the key is one item's alone. */
function uniqueBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T> {
  const found = new Map<string, T>();
  const twice = new Set<string>();
  for (const item of items) {
    if (found.has(keyOf(item))) twice.add(keyOf(item));
    found.set(keyOf(item), item);
  }
  for (const key of twice) found.delete(key);
  return found;
}
