import type { JudgedChange } from '../input.ts';
import { matchFrozen, type PathMatcher } from '../match-path.ts';
import { createRule } from '../path-rule.ts';
import type { Finding } from '../rule.ts';
import { showPath } from '../show.ts';
import { decodeText, linesOf, newLines } from '../text-lines.ts';

const FINDINGS_PER_FILE_MAX = 20;
const TEST_FILES = ['test', 'tests', '__tests__', 'spec', 'specs', 'testing', 'e2e', '*[._-]{test,spec,tests}.*', 'test[_-]*.*', '*{test,tests,spec}.{java,kt,kts,cs,php,swift,scala,groovy,m}'];
// How the common frameworks leave a test out, or run one alone and so leave out the others.
const SKIP =
  /\b(?:it|test|describe|context|suite|bench)\.(?:skip|todo|only|fixme|failing|skipIf|runIf)\b|\b(?:xit|xdescribe|xtest|fit|fdescribe)\s*\(|@(?:pytest\.mark\.|unittest\.)?(?:skip|skipif|xfail|skipUnless|skipIf|Disabled|Ignore|IgnoreTest)\b|\bpytest\.skip\s*\(|\bself\.skipTest\s*\(|\bt\.Skip(?:f|Now)?\s*\(|#\[ignore|\bXCTSkip|markTest(?:Skipped|Incomplete)\s*\(|\[(?:Ignore|Fact\(Skip|Theory\(Skip)/;
const ASSERTION = /\b(?:assert\w*|expect\w*|should|require\.\w+|XCTAssert\w*|REQUIRE|CHECK|EXPECT_\w+|ASSERT_\w+)\b|\bt\.(?:Error|Fatal|Fail)\w*\(|\.should\b/i;
const why = 'Weaker tests let a wrong change pass, and the checks that follow rest on them.';
const help = 'Check that the issue asks for this; a reviewer sees it as a warning.';

let matchTestFile: PathMatcher | null = null;

/** Test files that go, tests that are left out, and assertions that become fewer. */
export const tests = createRule('tests', ({ changes }) => {
  const isTestFile = (matchTestFile ??= matchFrozen(TEST_FILES));
  const kept = new Set(changes.filter(({ change }) => change.op === 'add').map(({ change }) => change.newBlob));
  return changes.filter(({ change }) => isTestFile(change.path)).flatMap((judged) => (judged.change.op === 'delete' ? judgeDeleted(judged, kept) : judgeChanged(judged)));
});

/** A file that only moved is still there under another name. */
function judgeDeleted({ change: { path, oldBlob } }: JudgedChange, kept: ReadonlySet<string | null>): Finding[] {
  return kept.has(oldBlob) ? [] : [{ path, message: `Deletes the test file ${showPath(path)}.`, why, help }];
}

function judgeChanged({ change: { path }, oldBytes, newBytes }: JudgedChange): Finding[] {
  const [oldText, newText] = [decodeText(oldBytes), decodeText(newBytes)];
  if (newText === null) return [];
  const skips = newLines(oldText, newText)
    .filter(({ text }) => SKIP.test(text))
    .slice(0, FINDINGS_PER_FILE_MAX)
    .map(({ line }) => ({ path, line, message: `Line ${line} of ${showPath(path)} leaves tests out.`, why, help }));
  const [before, after] = [countAssertions(oldText), countAssertions(newText)];
  const fewer = before > after ? [{ path, message: `${showPath(path)} has ${after} line(s) with an assertion, and had ${before}.`, why, help }] : [];
  return [...skips, ...fewer];
}

const countAssertions = (text: string | null): number => (text === null ? 0 : linesOf(text).filter((line) => ASSERTION.test(line)).length);
