import { goneLines, isComment, numbered, type NumberedLine, type Sides, type Weakening } from './sides.ts';

// The line on which a test begins, in the common languages.
const HEADER =
  /^\s*(?:(?:it|test|specify)(?:\.\w+)*\s*\(|(?:async\s+)?def\s+test\w*\s*\(|def\s+test_\w+\s*$|func\s+(?:\([^)]*\)\s*)?(?:Test|test)\w*\s*\(|(?:pub\s+)?(?:async\s+)?fn\s+(?:test_\w+|\w+_test)\s*\(|(?:public\s+|private\s+|internal\s+|static\s+|async\s+)*(?:void|Task|fun)\s+\w*[Tt]est\w*\s*\(|(?:public\s+)?function\s+test\w*\s*\(|(?:it|specify|example|test)\s+["'].*\bdo\s*$|TEST(?:_F|_P|_CASE)?\s*\(|@test\s+")/;
const NOTHING = /^\s*(?:pass|\.\.\.|return(?:\s+(?:None|nil|null|undefined|true))?|undefined|null)?\s*;?\s*$/;
const EMPTY_ON_ONE_LINE = /\{\s*\}\s*\)?\s*;?\s*$|:\s*(?:pass|\.\.\.|return)\s*$|=>\s*(?:undefined|null|true|void 0)\s*\)\s*;?\s*$/;
const CLOSING = /^\s*(?:\}\s*\)?\s*;?|end)\s*$/;
const BODY_LINES_MAX = 40;

/** Tests whose body is gone, and tests that are gone from a file that stays. */
export function findEmptied({ path, old, now }: Sides): Weakening[] {
  const [before, after] = [testsOf(old, path), testsOf(now, path)];
  const emptyBefore = new Set(before.filter(({ isEmpty }) => isEmpty).map(({ text }) => keyOf(text)));
  const emptied = after.filter(({ isEmpty, text }) => isEmpty && !emptyBefore.has(keyOf(text))).map(({ line }) => ({ line, what: 'is a test with nothing in it' }));
  if (before.length <= after.length) return emptied;
  const first = goneLines(old, now).find(({ text }) => HEADER.test(text) && !isComment(text));
  return [{ line: first?.nowLine ?? 1, what: `has ${after.length} test(s), and had ${before.length}${first ? ` (the first that is gone: line ${first.line} before)` : ''}`, isAboutFile: true }, ...emptied];
}

// A test keeps its name when its body goes.
const keyOf = (header: string): string => header.trim().replace(/[{:(=,\s].*$/s, '') + (/(["'`])(.*?)\1/.exec(header)?.[2] ?? /\b[Tt]est\w*/.exec(header)?.[0] ?? '');

// Go looks for a capital letter.
const isHeader = (text: string, path: string): boolean => HEADER.test(text) && !isComment(text) && !(path.endsWith('.go') && /\bfunc\s+test/.test(text));

function testsOf(text: string, path: string): (NumberedLine & { readonly isEmpty: boolean })[] {
  const lines = numbered(text);
  return lines.flatMap((header, index) => (isHeader(header.text, path) ? [{ ...header, isEmpty: isEmptyTest(header.text, lines.slice(index + 1, index + 1 + BODY_LINES_MAX)) }] : []));
}

function isEmptyTest(header: string, following: readonly NumberedLine[]): boolean {
  if (EMPTY_ON_ONE_LINE.test(header)) return true;
  const indent = /^\s*/.exec(header)?.[0].length ?? 0;
  const opensBlock = /[{]\s*$|\bdo\s*$/.test(header);
  if (!opensBlock && !/:\s*$/.test(header)) return false;
  for (const { text } of following) {
    if (text.trim() === '' || isComment(text) || /^\s*(?:"""|''').*(?:"""|''')\s*$/.test(text)) continue;
    if (opensBlock && CLOSING.test(text)) return true;
    // What comes behind is never reached.
    if (/^\s*return\s*;?\s*$/.test(text)) return true;
    const isDeeper = (/^\s*/.exec(text)?.[0].length ?? 0) > indent;
    // Python: the body ends where the indentation does, and then nothing was in it.
    if (!opensBlock && !isDeeper) return true;
    if (!NOTHING.test(text)) return false;
  }
  return !opensBlock;
}
