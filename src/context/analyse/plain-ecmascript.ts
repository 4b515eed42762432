import type { Capture } from '../parse/parser.ts';
import { plainMembers } from './plain-members.ts';

/** One statement that begins a line of its own, with the lines that go on with it. */
interface Statement {
  readonly text: string;
  /** Where it begins in the skeleton, and on which line (1-based). */
  readonly start: number;
  readonly line: number;
}

/** Takes a capture by its place in a statement. */
type Add = (name: string, from: number, length: number) => void;

const STATEMENTS_MAX = 2_000;
/** A line that goes on with the statement before: it begins with a closing mark or an operator. */
const GOES_ON = /^[\s)}\]>|&.?:=,+*<;{]/;
/** What ends a line that the next one goes on with, and words that go on at a line's start. */
const UNFINISHED = /(?:[=,([{+*/&|?:.<~^%!-]|=>|\b(?:extends|implements|as|satisfies|in|of|instanceof|return|new|typeof|keyof|await|yield|async|function|class|export|default|type|interface|const|let|var|enum))\s*$/;
const GOING_ON = /^(?:as|satisfies|in|of|instanceof|extends|implements|else|catch|finally)\b/;
/** Words that this reader leaves to the parser wherever they stand. */
const FOREIGN = /\b(?:class|interface|enum|namespace|module|global|let|var|export|for)\b|(?<!\bas )\bconst\b|\bimport\b(?!\s*[(.])/;
const FILLED_BLOCK = /\{\s*[^\s}]/;
const STRING = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`/g;

/**
 * What the parser's query finds in the skeleton of an ECMAScript text, for one that is written as most are: every statement begins a
 * line, and is a declaration, an export, a call. Null leaves the text to the parser. A test holds that both say the same; four of five files need no parser.
 */
export function plainCaptures(skeleton: string, isTyped: boolean): readonly Capture[] | null {
  const statements = splitStatements(skeleton);
  if (statements === null) return null;
  const captures: Capture[] = [];
  for (const { text, start, line } of statements) {
    const add: Add = (name, from, length) => void captures.push({ name, start: start + from, end: start + from + length, line: line + lineFeeds(text, from) });
    if (!readStatement(text, { isTyped, add })) return null;
  }
  return captures;
}

function lineFeeds(text: string, end: number): number {
  let lines = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}

function splitStatements(skeleton: string): Statement[] | null {
  const statements: { text: string; start: number; line: number }[] = [];
  let start = -1;
  let startLine = 0;
  let line = 1;
  const finish = (end: number): boolean => {
    const text = start < 0 ? '' : skeleton.slice(start, end).trimEnd();
    if (text !== '') statements.push({ text, start, line: startLine });
    return !UNFINISHED.test(text) && statements.length < STATEMENTS_MAX;
  };
  for (let at = 0; at < skeleton.length; line++) {
    const next = skeleton.indexOf('\n', at);
    const end = next < 0 ? skeleton.length : next;
    if (end > at && !GOES_ON.test(skeleton.slice(at, at + 1))) {
      if (!finish(at) || GOING_ON.test(skeleton.slice(at, at + 12))) return null;
      start = at;
      startLine = line;
    } else if (start < 0 && skeleton.slice(at, end).trim() !== '') return null;
    at = end + 1;
  }
  return finish(skeleton.length) ? statements : null;
}

const DECLARATION = /^(export\s+)?(default\s+)?(?:declare\s+)?(?:abstract\s+)?(?:async\s+)?(function\b\s*\*?|class\b|interface\b|type\b|const\s+enum\b|enum\b|const\b|let\b|var\b)\s*([A-Za-z_$][\w$]*)?/;

function readStatement(text: string, to: { isTyped: boolean; add: Add }): boolean {
  if (/[^\x00-\x7f]/.test(text)) return false;
  const found = DECLARATION.exec(text);
  if (found === null) return readOther(text, to.add);
  const [head, , isDefault, keyword = '', name] = found;
  const word = keyword.trim();
  const rest = text.slice(head.length);
  if (isDefault !== undefined) to.add('default', text.indexOf('default'), 7);
  const at = head.length - (name?.length ?? 0);
  switch (word) {
    case 'const': case 'let': case 'var': return isDefault === undefined && readValue(rest, { name, at, add: to.add });
    case 'class': return readClass(rest, { name, at, text, add: to.add });
    case 'interface': case 'type': case 'enum': case 'const enum': {
      if (name === undefined || !to.isTyped || isDefault !== undefined || (word === 'type' && !/^\s*(?:<[^=]*>\s*)?=/.test(rest))) return false;
      to.add('type', at, name.length);
      return word === 'interface' ? readBody(rest, head.length, { add: to.add, isInterface: true }) : isQuiet(rest);
    }
    default: {
      if (name === undefined && isDefault === undefined) return false;
      if (name !== undefined) to.add('function', at, name.length);
      return isQuiet(rest) && /^\s*(?:<[^(]*>\s*)?\(/.test(rest);
    }
  }
}

/** Nothing in it declares anything. */
function isQuiet(rest: string): boolean {
  const plain = rest.replace(STRING, '""');
  return !FOREIGN.test(plain) && !FILLED_BLOCK.test(plain) && !/;\s*\S/.test(plain);
}

function readValue(rest: string, { name, at, add }: { name: string | undefined; at: number; add: Add }): boolean {
  if (!isQuiet(rest)) return false;
  // One declarator: what is left of the statement without its groups has no comma.
  let bare = rest.replace(STRING, '""').replace(/=>/g, '');
  for (let before = ''; before !== bare; ) {
    before = bare;
    bare = bare.replace(/<[^<>=;]*>|\([^()]*\)|\[[^[\]]*\]|\{\s*\}/g, ' ');
  }
  if (/[,/]/.test(bare)) return false;
  const equals = /^(\s*!?\s*(?::(?:[^=]|=>)*)?)=(?![=>])\s*/.exec(rest);
  // Names in a pattern are nobody's symbols.
  if (name === undefined) return equals !== null && /^\s*[{[]/.test(rest);
  add('value', at, name.length);
  if (equals !== null) add('assigned', at + name.length + equals[0].length, rest.length - equals[0].length - (rest.endsWith(';') ? 1 : 0));
  else if (!/^\s*(?::[^=]*)?;?$/.test(rest)) return false;
  return true;
}

function readClass(rest: string, { name, at, text, add }: { name: string | undefined; at: number; text: string; add: Add }): boolean {
  if (name === undefined && !/^export\s+default\b/.test(text)) return false;
  const isUnnamed = name === undefined || name === 'extends' || name === 'implements';
  if (isUnnamed) return false;
  add('class', at, name.length);
  return readBody(rest, at + name.length, { add, isInterface: false });
}

function readBody(rest: string, at: number, { add, isInterface }: { add: Add; isInterface: boolean }): boolean {
  const open = rest.indexOf('{');
  const close = rest.lastIndexOf('}');
  if (open < 0 || close < open || !isQuiet(rest.slice(0, open)) || !/^;?\s*$/.test(rest.slice(close + 1))) return false;
  const members = plainMembers(rest.slice(open + 1, close), isInterface);
  for (const { from, length } of members ?? []) add('method', at + open + 1 + from, length);
  return members !== null;
}

const FROM = /^export\s+(?:type\s+)?(?:\*(?:\s+as\s+[\w$]+)?|\{[^{}]*\})\s*from\s*(?:"[^"\n\\]+"|'[^'\n\\]+')\s*;?$/;

function readOther(text: string, add: Add): boolean {
  const list = /^export\s+(?:type\s+)?\{([^{}]*)\}/.exec(text);
  if (list !== null || /^export\s+(?:type\s+)?\*/.test(text)) {
    if (FROM.test(text)) add('import', 0, text.length);
    else if (list === null || !/^\s*;?$/.test(text.slice(list[0].length))) return false;
    return list === null || readSpecifiers(list[1] ?? '', list[0].indexOf('{') + 1, add);
  }
  if (/^export\s+default\b/.test(text)) {
    add('default', text.indexOf('default'), 7);
    return isQuiet(text.slice(text.indexOf('default') + 7)) && !/(?<![=!<>])=(?![=>])/.test(text.replace(STRING, '""'));
  }
  // A directive, a decorator, a call.
  if (/^(?:"[^"\n]*"|'[^'\n]*');?$/.test(text) || /^@[\w$.]+(?:\(\s*_?\s*\))?$/.test(text)) return true;
  return /^(?:await\s+|void\s+|new\s+)?[A-Za-z_$][\w$]*(?:\.[\w$]+)*\s*(?:<[\w$.,\s[\]]*>)?\(/.test(text) && !/^(?:if|for|while|switch|with|catch|function)\b/.test(text) && isQuiet(text) && !/(?<![=!<>])=(?![=>])/.test(text.replace(STRING, '""'));
}

function readSpecifiers(list: string, at: number, add: Add): boolean {
  for (let from = 0; from <= list.length; ) {
    const comma = list.indexOf(',', from);
    const end = comma < 0 ? list.length : comma;
    const each = list.slice(from, end);
    const text = each.trim();
    if (text !== '') {
      if (!/^(?:type\s+)?[A-Za-z_$][\w$]*(?:\s+as\s+[A-Za-z_$][\w$]*)?$/.test(text)) return false;
      add('exported', at + from + each.indexOf(text), text.length);
    }
    from = end + 1;
  }
  return true;
}
