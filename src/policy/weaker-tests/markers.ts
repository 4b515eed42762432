import { goneLines, isComment, numbered, type Sides, type Weakening } from './sides.ts';

// What makes a runner look at a method, a class or a row of data; a test keeps its body and is not run without it.
const MARKER =
  /^\s*(?:@(?:Test|ParameterizedTest|RepeatedTest|TestFactory|Property)\b|\[(?:Fact|Theory|Test|TestMethod|TestCase|InlineData|DataRow|DataTestMethod)\b|#\[(?:\w+::)*test\b|#\[(?:should_panic|rstest|test_case|case)\b|#\[(?:Test|DataProvider)\b|class\s+Test\w*\s*[:(])/;
// An exception that is expected: the more exact it is said, the more is tested.
const EXACT = /\b(?:raises|assertRaises\w*|assertThrows\w*|Throws\w*|expectException\w*|toThrow\w*|raise_error|should_panic|rejects\.toThrow\w*)\s*[(<]\s*([\w.\\:'"/`]+)/;
const ANY = /\b(?:raises|assertRaises)\s*\(\s*(?:Base)?Exception\s*[,)]|\bassertThrows\w*\s*\(\s*(?:Exception|Throwable|RuntimeException)(?:\.class)?\s*,|\bThrowsAny?\w*<Exception>|\bexpectException\s*\(\s*\\?(?:Exception|Throwable)::class|\.toThrow(?:Error)?\s*\(\s*\)|\braise_error\s*(?:\(\s*\)|\}?\s*$)|#\[should_panic\]/;
// Compares nothing: it is enough that something is there, or that it is not one certain value.
const WEAK =
  /\.(?:toBeDefined|toBeTruthy|toBeFalsy|not\.(?:toBe|toEqual|toStrictEqual|toBeNull|toBeUndefined|toThrow)|isNotNull|isNotEmpty|isNotSameAs|isNotEqualTo)\s*\(|\bexpect\.(?:anything|any)\s*\(|\b(?:assertNotNull|assertIsNotNone|assert_not_nil|assertNotEquals?|assert_not_equal|NotNull|NotEmpty|IsNotNull|XCTAssertNotNil|EXPECT_NE|ASSERT_NE)\s*\(|\bnot_to\s+(?:be_nil|eq)|\bbe_(?:truthy|present)\b|\bis\s+not\s+None\s*$|^\s*assert\s+(?!not\b)[\w.]+(?:\([^()]*\))?\s*$/;
const STRONG =
  /\.(?:toBe|toEqual|toStrictEqual|toMatchObject|toHaveLength|toContain|toThrow\w*|isEqualTo|isSameAs|hasSize|containsExactly)\s*\(|\b(?:assertEquals?|assertSame|assert_eq!?|assert_equal|assertEqual|strictEqual|deepEqual|deepStrictEqual|AreEqual|XCTAssertEqual|EXPECT_EQ|ASSERT_EQ)\s*[(!]|\bAssert\.Equal\s*\(|\b(?:assert|require)\.(?:Equal\w*|Len|Empty|Zero|Nil|False|JSONEq|InDelta|InEpsilon|ErrorIs|EqualError|Contains)\s*\(|\.Should\(\)\.Be\w*\(|\.to\s+(?:eq|eql|match_array)\b|^\s*assert\s+.*(?:==|\bin\b|<|>)/;

/** Marks by which runners find tests that became fewer, expectations that became vague. */
export function findVaguer(sides: Sides): Weakening[] {
  return [...findFewerMarkers(sides), ...findWiderExceptions(sides), ...findWeakerMatchers(sides)];
}

const isNot = (isKind: RegExp, isOther: RegExp) => (text: string): boolean => !isComment(text) && isKind.test(text) && !isOther.test(text);
const countOf = (text: string, isKind: (line: string) => boolean): number => numbered(text).filter(({ text: line }) => isKind(line)).length;
const isMarker = isNot(MARKER, /$^/);

function findFewerMarkers({ old, now }: Sides): Weakening[] {
  const [before, after] = [countOf(old, isMarker), countOf(now, isMarker)];
  const gone = before > after ? goneLines(old, now).find(({ text }) => isMarker(text)) : undefined;
  return gone === undefined ? [] : [{ line: gone.nowLine, what: `has ${after} mark(s) of tests or of their data, and had ${before} (the first that is gone: line ${gone.line} before)`, isAboutFile: true }];
}

function findWiderExceptions({ old, now }: Sides): Weakening[] {
  const [isExact, isAny] = [isNot(EXACT, ANY), isNot(ANY, /$^/)];
  if (countOf(now, isAny) <= countOf(old, isAny) || countOf(now, isExact) >= countOf(old, isExact)) return [];
  const known = new Set(numbered(old).map(({ text }) => text.trim()));
  const line = numbered(now).find(({ text }) => isAny(text) && !known.has(text.trim()))?.line;
  return line === undefined ? [] : [{ line, what: 'expects any exception, and expected a certain one' }];
}

function findWeakerMatchers({ old, now }: Sides): Weakening[] {
  const [isStrong, isWeak] = [isNot(STRONG, WEAK), isNot(WEAK, /$^/)];
  const [strongBefore, strongAfter] = [countOf(old, isStrong), countOf(now, isStrong)];
  const [weakBefore, weakAfter] = [countOf(old, isWeak), countOf(now, isWeak)];
  if (strongAfter >= strongBefore || weakAfter <= weakBefore) return [];
  const known = new Set(numbered(old).map(({ text }) => text.trim()));
  const line = numbered(now).find(({ text }) => isWeak(text) && !known.has(text.trim()))?.line;
  return line === undefined ? [] : [{ line, what: `compares no value any more (${strongAfter} line(s) of the file do, and ${strongBefore} did)` }];
}
