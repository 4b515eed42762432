import { ViewBuilder, type View } from './view.ts';

// A line's end with what belongs to the next line's beginning: indentation, a comment's or a quotation's leader.
const LINE_END = /[ \t]{0,200}\\?\r?\n[ \t]{0,200}(?:(?:\/\/|[#*>|+]|--)[ \t]{0,8})?/g;
const CONTINUATION = /\\\r?\n[ \t]{0,200}/g;
const LITERAL_CHARACTERS_MAX = 4096;
/** Literals farther apart than this are not put together. */
const GAP_MAX = 400;
/** What stands between two literals that a language puts together: an operator, or nothing. */
const PUT_TOGETHER = /^\s*(?:[+.&,\\]|\.\.|<>|\|\|)?\s*$/;

/** The text without line ends and what begins a line, so that what was wrapped stands in one piece. Null for a text of one line. */
export const joinLines = (text: string): View | null => (text.includes('\n') ? joinAt(text, LINE_END, 'joined lines') : null);

/** The text with only those lines joined that a backslash continues. Null where there are none. */
export const joinContinued = (text: string): View | null => (/\\\r?\n/.test(text) ? joinAt(text, CONTINUATION, 'continued lines') : null);

function joinAt(text: string, ends: RegExp, step: string): View {
  const view = new ViewBuilder();
  let from = 0;
  for (const { 0: end, index } of text.matchAll(ends)) {
    view.add(text.slice(from, index), from, index);
    from = index + end.length;
  }
  view.add(text.slice(from), from, text.length);
  return view.build(step);
}

/** The contents of string literals one behind the other, whatever stands between: `+`, commas, names, line ends. Null without any. */
export function joinLiterals(text: string): View | null {
  const view = new ViewBuilder();
  const literals = [...literalsOf(text)];
  addJoined(view, text, literals, (gap) => gap.length > GAP_MAX);
  if (view.isEmpty) return null;
  // Once more, only what is put together in so many words: a word before it must not hide where a secret begins.
  view.part();
  addJoined(view, text, literals, (gap) => !PUT_TOGETHER.test(gap));
  return view.build('joined strings');
}

function addJoined(view: ViewBuilder, text: string, literals: readonly { readonly start: number; readonly end: number }[], isApart: (gap: string) => boolean): void {
  let last = -1;
  for (const { start, end } of literals) {
    // Without the quotes on both sides.
    if (last >= 0 && (start - last > GAP_MAX || isApart(text.slice(last + 1, start - 1)))) view.part();
    view.add(text.slice(start, end), start, end);
    last = end;
  }
}

/** Contents of the quoted strings, each within one line. Linear: a quote without a partner is looked up once a line. */
function* literalsOf(text: string): Generator<{ readonly start: number; readonly end: number }> {
  const quotes = /["'`\n]/g;
  const hopeless = new Map<string, number>();
  for (let found = quotes.exec(text); found !== null; found = quotes.exec(text)) {
    const quote = found[0];
    const start = found.index + 1;
    if (quote === '\n' || (hopeless.get(quote) ?? -1) > found.index) continue;
    const end = closingQuote(text, quote, start);
    if (end.isClosed) {
      yield* piecesOf(text, start, end.at);
      quotes.lastIndex = end.at + 1;
    } else hopeless.set(quote, end.at);
  }
}

// What stands around a value in a template: `${"`, `'}`.
const SUBSTITUTION = /\$\{\s{0,4}["']?|["']?\s{0,4}\}/g;

/** The parts of a string literal: one, or what a template puts together. */
function* piecesOf(text: string, start: number, end: number): Generator<{ readonly start: number; readonly end: number }> {
  const content = text.slice(start, end);
  let from = 0;
  if (content.includes('${')) {
    for (const { 0: found, index } of content.matchAll(SUBSTITUTION)) {
      if (index > from) yield { start: start + from, end: start + index };
      from = index + found.length;
    }
  }
  if (from < content.length) yield { start: start + from, end };
}

function closingQuote(text: string, quote: string, start: number): { readonly at: number; readonly isClosed: boolean } {
  const most = Math.min(text.length, start + LITERAL_CHARACTERS_MAX);
  for (let at = start; at < most; at += 1) {
    const character = text[at];
    if (character === '\\') at += 1;
    else if (character === quote) return { at, isClosed: true };
    else if (character === '\n') return { at, isClosed: false };
  }
  return { at: most, isClosed: false };
}
