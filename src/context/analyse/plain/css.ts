import { createLineCounter } from '../declarations.ts';
import type { Capture } from '../../parse/parser.ts';

const CAPTURES_MAX = 20_000;
/** Preludes of these name no class or id; what stands in their braces does. */
const CONDITIONS = new Set(['media', 'layer', 'supports', 'font-face', 'page', 'keyframes', '-webkit-keyframes', '-moz-keyframes', '-o-keyframes', 'property', 'counter-style', 'import', 'charset']);
const NAMED = /[.#](-?[A-Za-z_][\w-]*)/g;
/** `@import url('a.css') layer(base);`, `@tailwind base;` */
const STATEMENT = /^\s*@[\w-]+(?:\s+(?:"[^"\n\\]*"|'[^'\n\\]*'|url\((?:"[^"\n\\]*"|'[^'\n\\]*'|[\w./:-]*)\)|[\w-]+(?:\([\w-]+\))?),?)*\s*;$/;
/** One selector list, without escapes, strings, or anything that only some preprocessors know. */
const SELECTOR = /^[\w\s.#,>+~*:()[\]="'|^$&-]*$/;

/**
 * What the grammar's query finds in a style sheet that is written as most are: rules, conditions around them, and keyframes. Null leaves the text to the
 * grammar. Classes and ids stand in selectors alone, so only what stands before a brace is looked at.
 */
export function plainStyles(text: string): readonly Capture[] | null {
  const captures: Capture[] = [];
  const lineAt = createLineCounter(text);
  const add = (name: string, start: number, end: number): void => void captures.push({ name, start, end, line: lineAt(start) });
  const bare = withoutComments(text);
  if (bare === null) return null;
  let depth = 0;
  let from = 0;
  for (const { index, 0: mark } of bare.matchAll(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|url\([\w./:;,=+-]*\)|[{};"'\\]/g)) {
    if (mark.length > 1) continue;
    if (mark === '{') {
      if (!takePrelude(bare, { from, end: index, depth }, add)) return null;
      depth++;
    } else if (mark === '}') depth--;
    else if (mark !== ';' || !takeStatement(bare, { from, end: index + 1, depth }, add)) return null;
    if (depth < 0 || captures.length > CAPTURES_MAX) return null;
    from = index + 1;
  }
  return depth === 0 && bare.slice(from).trim() === '' ? captures : null;
}

/** Comments as spaces, so that everything stays where it is. */
function withoutComments(text: string): string | null {
  if (!text.includes('/')) return text;
  const bare = text.replace(/\/\*[\s\S]*?\*\/|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|url\([^)"'\n]*\)/g, (found) => (found.startsWith('/*') ? found.replace(/[^\n]/g, ' ') : found));
  const rest = bare.replace(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g, '');
  return rest.includes('/*') || /(?<!:)\/\//.test(rest) ? null : bare;
}

interface Part {
  readonly from: number;
  readonly end: number;
  readonly depth: number;
}
type Add = (name: string, start: number, end: number) => void;

function takePrelude(text: string, { from, end }: Part, add: Add): boolean {
  const prelude = text.slice(from, end);
  const start = from + prelude.length - prelude.trimStart().length;
  const rule = /^\s*@([\w-]+)/.exec(prelude)?.[1];
  if (rule === undefined) return takeSelector(prelude, from, add);
  if (!CONDITIONS.has(rule) || /[{};\\]|selector\(/.test(prelude)) return false;
  if (!rule.endsWith('keyframes')) return true;
  const name = /^@[\w-]+\s+([A-Za-z_-][\w-]*)\s*$/.exec(prelude.trim())?.[1];
  if (name === undefined) return false;
  const at = start + prelude.trim().lastIndexOf(name);
  add('value', at, at + name.length);
  return true;
}

function takeSelector(prelude: string, from: number, add: Add): boolean {
  // Frames: `50%`.
  if (/^\s*(?:from|to|\d+(?:\.\d+)?%)(?:\s*,\s*(?:from|to|\d+(?:\.\d+)?%))*\s*$/.test(prelude)) return true;
  if (prelude.trim() === '' || !SELECTOR.test(prelude) || /["'[\]=|^$]/.test(prelude.replace(/\[[\w-]+(?:[~|^$*]?=(?:"[^"\n]*"|'[^'\n]*'|[\w-]+))?\]/g, ''))) return false;
  const plain = prelude.replace(/\[[^\]]*\]/g, (found) => '*'.repeat(found.length));
  // A colon with a space behind it belongs to no selector that is known here.
  if (/:\s|:$|[.#](?![A-Za-z_-])|\(\s*\)|[\w)]&/.test(plain) || !isBalanced(plain)) return false;
  for (const { index, 1: name = '' } of plain.matchAll(NAMED)) add('value', from + index + 1, from + index + 1 + name.length);
  return true;
}

function isBalanced(text: string): boolean {
  let open = 0;
  for (const mark of text.match(/[()]/g) ?? []) if ((open += mark === '(' ? 1 : -1) < 0) return false;
  return open === 0;
}

function takeStatement(text: string, { from, end, depth }: Part, add: Add): boolean {
  const statement = text.slice(from, end);
  const rule = /^\s*@([\w-]+)/.exec(statement)?.[1];
  if (rule === undefined) return depth > 0 ? /^\s*[\w-]+\s*:[^{}]*;$/.test(statement) : statement.trim() === ';';
  const start = from + statement.length - statement.trimStart().length;
  if (rule === 'import') add('import', start, end);
  return STATEMENT.test(statement) && (depth === 0 || rule !== 'import');
}
