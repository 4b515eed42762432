import { codePointMark } from '../../../src/domain/code-point.ts';
import { escapeHtml, html, SafeHtml } from './html.ts';

// Characters that a reader cannot see, or that change how others are shown: controls, formatting (zero width and
// bidirectional), private and unassigned ones, line separators, every space but the plain one, and the fillers. Of the
// variation selectors only those that choose an emoji's look (U+FE00 to U+FE0F) may stay.
const UNSEEN = /(?! )[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/gu;

const isKept = (character: string): boolean => character === '\t' || character === '\n' || (character >= '\ufe00' && character <= '\ufe0f');

/** `text` with every unseen character written out as its code point, for places that hold no markup. */
export function visibleText(text: string): string {
  return text.replace(UNSEEN, (character) => (isKept(character) ? character : codePointMark(character)));
}

/** The same as markup: escaped, the code points set apart. */
export function visibleHtml(text: string): SafeHtml {
  // Most lines need nothing; the test is far cheaper than the splitting.
  if (text.search(UNSEEN) === -1) return new SafeHtml(escapeHtml(text));
  let out = '';
  let from = 0;
  for (const match of text.matchAll(UNSEEN)) {
    if (isKept(match[0])) continue;
    out += escapeHtml(text.slice(from, match.index)) + html`<span class="unseen" title="A character that cannot be seen">${codePointMark(match[0])}</span>`.text;
    from = match.index + match[0].length;
  }
  return new SafeHtml(out + escapeHtml(text.slice(from)));
}
