import type { Dice } from './dice.ts';

/** For tests and benchmarks: contents (byte strings) with everything that a text library gets wrong. */

const WORDS = [
  '', ' ', '-', '+', '- ', '--- a/x', '+++ b/x', '-- a/x', '++ b/x', '@@ -1 +1 @@', '\\ No newline at end of file', 'return null;', '}', 'caf\xc3\xa9', 'caf\xe9', '\xff\xfe', '\t', 'diff --git a/a b/a', 'x', 'y', 'z', 'trailing  ',
  'a\rb', '\r', '\xef\xbb\xbfmark', 'GIT binary patch', 'literal 3', '-- ', '2.39.5', '<<<<<<< SEARCH', '=======', '>>>>>>> REPLACE', '```', '~~~~', '<!--', 'From 0000000000000000000000000000000000000000 Mon Sep 17 00:00:00 2001', '---', ' x | 2 +-', '\f', '\xe2\x80\xa8', 'int main(void)', 'function f() {',
];

const line = (dice: Dice): string => (dice.chance(60) ? dice.pick(WORDS) : `${dice.pick(WORDS)} ${dice.below(50)}`);

/** Lines with one kind of ending, or mixed ones, with or without the last. */
export function newText(dice: Dice): string {
  const endings = dice.pick([['\n'], ['\n'], ['\r\n'], ['\n', '\r\n', '\r\r\n']]);
  const count = dice.chance(10) ? 0 : dice.chance(10) ? 400 + dice.below(400) : dice.below(40);
  const text = Array.from({ length: count }, () => line(dice) + dice.pick(endings)).join('');
  return dice.chance(20) ? text.replace(/\r?\n$/u, '') : text;
}

/** The text after a few changes, as a commit makes them. */
export function editText(dice: Dice, old: string): string {
  const lines = old.split(/(?<=\n)/u).filter((each) => each !== '');
  const ending = dice.chance(70) ? (lines[0]?.endsWith('\r\n') === true ? '\r\n' : '\n') : dice.pick(['\n', '\r\n']);
  for (let count = 1 + dice.below(3); count > 0; count -= 1) {
    const at = dice.below(lines.length + 1);
    if (at === lines.length && lines.length > 0 && lines.at(-1)?.endsWith('\n') !== true) lines[at - 1] += ending;
    lines.splice(at, dice.below(3), ...Array.from({ length: dice.below(3) }, () => line(dice) + ending));
  }
  const text = lines.join('');
  if (dice.chance(3)) return dice.chance(50) ? text.replaceAll('\r\n', '\n') : text.replace(/(?<!\r)\n/gu, '\r\n');
  return dice.chance(10) ? text.replace(/\r?\n$/u, '') : text;
}

/** Bytes with a NUL near the start, so that git calls them binary; long ones make git print deltas. */
export function newBinary(dice: Dice): string {
  const unit = Array.from({ length: 1 + dice.below(60) }, () => String.fromCharCode(dice.below(256))).join('');
  return `\0${dice.chance(50) ? unit : unit.repeat(1 + dice.below(200)) + String(dice.below(1_000))}`;
}

/** A few bytes changed, put in or taken out. */
export function editBinary(dice: Dice, old: string): string {
  const at = 1 + dice.below(old.length);
  return old.slice(0, at) + String.fromCharCode(dice.below(256)).repeat(dice.below(4)) + old.slice(at + dice.below(4));
}
