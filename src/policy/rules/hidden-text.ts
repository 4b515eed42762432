import { createChangeRule } from '../path-rule.ts';
import type { Finding } from '../rule.ts';
import { codePointName, showPath } from '../show.ts';
import { decodeText, newLines } from '../text-lines.ts';

const FINDINGS_PER_FILE_MAX = 20;
const HIDDEN_PER_LINE_MAX = 100;
// Controls (not tab, line feed, form feed), format and ignorable characters, line separators, private-use characters.
const HIDDEN = /(?![\t\n\f\r])[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
const MAY_HIDE = /(?![\t\n\f])[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;
const JOINERS = '\u200C\u200D';
const JOINING = /[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gujarati}\p{Script=Gurmukhi}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Oriya}\p{Script=Sinhala}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Khmer}\p{Script=Myanmar}]\p{M}*$/u;
const EMOJI = /[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Emoji_Component}]\uFE0F?$/u;

/** Characters that a reader does not see but a compiler, a terminal or a model reads. Lines that the base file already has do not count. */
export const hiddenText = createChangeRule('hidden-text', ({ change, oldBytes, newBytes }) => {
  const text = decodeText(newBytes);
  if (text === null || !MAY_HIDE.test(text)) return [];
  const findings = newLines(decodeText(oldBytes), text).flatMap(({ line, text: content }): Finding[] => {
    const hidden = findHidden(content, line === 1);
    if (hidden.length === 0) return [];
    const amount = hidden.length >= HIDDEN_PER_LINE_MAX ? `at least ${HIDDEN_PER_LINE_MAX}` : hidden.length;
    const names = [...new Set(hidden.map(codePointName))].slice(0, 8).join(', ');
    return [{ path: change.path, line, message: `Line ${line} of ${showPath(change.path)} holds ${amount} hidden character(s): ${names}.`, why: WHY }];
  });
  return findings.slice(0, FINDINGS_PER_FILE_MAX);
});

const WHY = 'Invisible and direction-changing characters make code read differently from what it does, and carry instructions that people do not see.';

function findHidden(line: string, isFirst: boolean): string[] {
  const found = line
    .matchAll(HIDDEN)
    .filter(({ 0: character, index }) => !isOrdinary(character, line.slice(Math.max(0, index - 8), index), isFirst && index === 0))
    .map(({ 0: character }) => character)
    // Lazily: a line of a million hidden characters needs no full count.
    .take(HIDDEN_PER_LINE_MAX);
  return [...found, ...(line.includes('\r') ? ['\r'] : [])];
}

/** The few places where such characters belong: a byte order mark at the start, joiners inside emoji and joining scripts. */
function isOrdinary(character: string, before: string, isStart: boolean): boolean {
  if (character === '\uFEFF') return isStart;
  if (character === '\uFE0F' || character === '\uFE0E') return /[^\p{L}\p{Z}\p{C}\p{Default_Ignorable_Code_Point}]$/u.test(before);
  if (JOINERS.includes(character)) return JOINING.test(before) || (character === '\u200D' && EMOJI.test(before));
  return false;
}
