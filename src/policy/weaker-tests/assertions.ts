import { linesOf, newLines } from '../text-lines.ts';
import { goneLines, isComment, type Sides, type Weakening } from './sides.ts';

const ASSERTION =
  /\b(?:assert\w*|Assert\.\w+|expect\w*|should|require\.\w+|XCTAssert\w*|REQUIRE\w*|CHECK\w*|EXPECT_\w+|ASSERT_\w+|verify\w*|must_\w+|wont_\w+|refute\w*|deepEqual|strictEqual)\s*[.!(]|\bassert\b|\bt\.(?:Error|Fatal|Fail|is|true|false|truthy|falsy|throws|deepEqual|ok|equal|same)\w*\s*\(|\.[Ss]hould\b|\bexpect\b|\bshould\s/;
// Holds whatever the code does.
const EMPTY_ASSERTION =
  /\bexpect\s*\(\s*(true|false|1|0|null)\s*\)\s*\.(?:to(?:Be|Equal|StrictEqual)\s*\(\s*\1\s*\)|toBeTruthy|to\.be\.true|toBeDefined)|\bassert(?:\.ok|\.equal|True|_true|That)?\s*[( ]\s*(?:true|True|1\s*==\s*1)\s*\)?\s*;?\s*$|\bassert!\s*\(\s*true\s*\)|\bassertTrue\s*\(\s*true\s*\)|\bself\.assertTrue\s*\(\s*True\s*\)|\b(?:EXPECT|ASSERT)_TRUE\s*\(\s*(?:true|1)\s*\)|\bAssert\.(?:Is)?True\s*\(\s*true\s*[,)]|\bXCTAssert(?:True)?\s*\(\s*true\s*\)|\b(?:REQUIRE|CHECK)\s*\(\s*true\s*\)|\b(?:require|assert)\.True\s*\(\s*t,\s*true\s*[,)]|\b[Aa]ssert\w*(?:[.!]\w*)?\s*\(\s*(?:t,\s*)?([\w.]{1,60})\s*,\s*\2\s*\)|\bassert\b.*\bor\s+True\b|\b(?:assert|expect|Assert)\w*\b.*\|\|\s*true\s*\)/;
// A matcher is missing behind it, or what it throws is caught at once.
const NO_MATCHER = /^\s*(?:await\s+)?expect\s*\((?:[^()]|\([^()]*\)){0,300}\)\s*;\s*$/;
const CAUGHT = /\btry\b.*\bcatch\b\s*(?:\([^()]*\))?\s*\{\s*\}/;
const LINES_NAMED_MAX = 8;

const isAssertion = (line: string): boolean => !isComment(line) && ASSERTION.test(line);
const count = (text: string): number => linesOf(text).filter(isAssertion).length;

const assertsNothing = (text: string): boolean => EMPTY_ASSERTION.test(text) || NO_MATCHER.test(text) || (CAUGHT.test(text) && isAssertion(text));

/** Assertions that became fewer, with the lines where they were, and new ones that hold whatever the code does. */
export function findFewerAssertions({ old, now }: Sides): Weakening[] {
  const empty = newLines(old, now)
    .filter(({ text }) => !isComment(text) && assertsNothing(text))
    .map(({ line }) => ({ line, what: 'asserts what always holds' }));
  const [before, after] = [count(old), count(now)];
  const gone = before > after ? goneLines(old, now).filter(({ text }) => isAssertion(text)) : [];
  const [first] = gone;
  if (!first) return empty;
  const lines = gone.slice(0, LINES_NAMED_MAX).map(({ line }) => line);
  const named = `${lines.length === 1 ? 'line' : 'lines'} ${lines.join(', ')}${gone.length > lines.length ? ', …' : ''}`;
  return [{ line: first.nowLine, what: `has ${after} line(s) with an assertion, and had ${before} (gone or changed: ${named} before)`, isAboutFile: true }, ...empty];
}
