import { findHidden } from '../hidden-characters.ts';
import type { JudgedChange } from '../input.ts';
import { findMixedWord, mayMixScripts, plainlyForeign } from '../mixed-script.ts';
import { createChangeRule } from '../path-rule.ts';
import type { Finding } from '../rule.ts';
import { codePointName } from '../../domain/code-point.ts';
import { showPath, showText } from '../show.ts';
import { decodeText, newLines } from '../text-lines.ts';

const FINDINGS_PER_FILE_MAX = 20;
const HIDDEN_PER_LINE_MAX = 100;
const NAMES_SHOWN = 8;
// A quick look: only what is beyond printable ASCII can hide anything.
const MAY_HIDE = /[^\t\n\r -~]|\r(?!\n)/;
const PROSE = /\.(?:md|mdx|markdown|rst|adoc|txt|html?|po|pot|tex|org)$/i;
const WHY_HIDDEN = 'Invisible and direction-changing characters make code read differently from what it does, and carry instructions that people do not see.';
const WHY_MIXED = 'Two names that look the same are not: what is read is not what runs.';

/**
 * What a reader does not see but a compiler, a terminal or a model reads: hidden characters, and words whose letters
 * pass for others. Lines that the base file already has do not count.
 */
export const hiddenText = createChangeRule('hidden-text', (judged) => {
  const text = decodeText(judged.newBytes);
  if (text === null || !MAY_HIDE.test(text)) return [];
  const foreign = mayMixScripts(text) ? plainlyForeign(text) : null;
  const findings: Finding[] = [];
  for (const line of newLines(decodeText(judged.oldBytes), text)) {
    if (findings.length >= FINDINGS_PER_FILE_MAX) break;
    const found = judgeHidden(judged, line) ?? (foreign === null ? null : judgeMixed(judged, line, foreign));
    if (found !== null) findings.push(found);
  }
  return findings;
});

interface Line {
  readonly line: number;
  readonly text: string;
}

function judgeHidden({ change: { path } }: JudgedChange, { line, text }: Line): Finding | null {
  // Lazily: a line of a million hidden characters needs no full count.
  const hidden = [...findHidden(text, line === 1).take(HIDDEN_PER_LINE_MAX)].map(({ character }) => character);
  if (text.includes('\r')) hidden.push('\r');
  if (hidden.length === 0) return null;
  const amount = hidden.length >= HIDDEN_PER_LINE_MAX ? `at least ${HIDDEN_PER_LINE_MAX}` : hidden.length;
  const names = [...new Set(hidden.map(codePointName))].slice(0, NAMES_SHOWN).join(', ');
  return { path, line, message: `Line ${line} of ${showPath(path)} holds ${amount} hidden character(s): ${names}.`, why: WHY_HIDDEN };
}

function judgeMixed({ change: { path } }: JudgedChange, { line, text }: Line, foreign: ReadonlySet<string>): Finding | null {
  const mixed = mayMixScripts(text) ? findMixedWord(text, foreign, PROSE.test(path)) : null;
  if (mixed === null) return null;
  const names = [...new Set(mixed.letters.map(codePointName))].slice(0, NAMES_SHOWN).join(', ');
  return { path, line, message: `Line ${line} of ${showPath(path)} has the word "${showText(mixed.word, 80)}" (${names}), which ${mixed.why}.`, why: WHY_MIXED };
}
