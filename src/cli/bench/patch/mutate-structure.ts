import type { Dice } from './dice.ts';

/**
 * For tests and benchmarks: changes to a patch (a byte string) that keep it nearly well-formed, so that they get past the
 * first check: they know files, header lines, names, hunks, counts and binary bodies. `other` is a patch to take from.
 */
export function mutateStructure(dice: Dice, patch: string, other: string): string {
  return dice.pick(MUTATORS)(dice, patch, other);
}

type Mutator = (dice: Dice, patch: string, other: string) => string;

const HEADER = /^(?:old mode|new mode|new file mode|deleted file mode|similarity index|dissimilarity index|rename from|rename to|copy from|copy to|index|---|\+\+\+) .*$/u;
const NAMED = /^(?:diff --git|---|\+\+\+|rename from|rename to|copy from|copy to) .*$/gmu;
const HUNK = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/gmu;
const NUMBERS = ['0', '00', '1', '+1', '-1', '007', '999999999', '1000000000', '2147483648', '4294967295', '4294967297', '18446744073709551615', '18446744073709551617', '9'.repeat(40), ' 1', '1 ', '1,1', '0x1', '1e3', ''];

const filesOf = (patch: string): string[] => patch.split(/(?<=\n)(?=diff --git )/u);
const hunksOf = (file: string): string[] => file.split(/(?<=\n)(?=@@ -)/u);

const MUTATORS: readonly Mutator[] = [
  swapHunks,
  (dice, patch) => changeHeader(dice, patch, (lines, at) => lines.toSpliced(dice.below(lines.length), 0, lines[at] ?? '')),
  (dice, patch) => changeHeader(dice, patch, (lines, at) => swapped(lines, at, dice.below(lines.length))),
  (dice, patch, other) => changeHeader(dice, patch, (lines, at) => lines.toSpliced(at, 1, dice.pick(headersOf(other)))),
  (dice, patch) => changeHeader(dice, patch, (lines, at) => lines.with(at, spoilLine(dice, lines[at] ?? ''))),
  spliceBinary,
  renumber,
  shiftHunk,
  splitHunk,
  trimContext,
  turnRound,
  respellNames,
  (dice, patch) => replaceOne(dice, patch, NAMED, (line) => `${line}${dice.pick(['\t', '\t2026-01-01', ' ', '\r', '\0x', '/', '\\'])}`),
  (dice, patch) => replaceOne(dice, patch, NAMED, (line) => line.replace(/[^ /"\t]+$/u, (name) => dice.pick([name.repeat(1 + dice.below(700)), 'n'.repeat(254 + dice.below(3)), `${'d/'.repeat(126 + dice.below(3))}n`]))),
  (dice, patch) => replaceOne(dice, patch, /^index \S+/gmu, (line) => dice.pick([line.replace(/(?<=[0-9a-f]{4})[0-9a-f]+/gu, ''), line.replace(/(\S+)\.\.(\S+)/u, '$2..$1'), line.replace(/[0-9a-f](?=\.\.)/u, '0'), line.toUpperCase()])),
  (dice, patch) => replaceOne(dice, patch, /^(?:\\ No newline at end of file\n|[ +-].*\n)/gmu, (line) => (line.startsWith('\\') ? '' : `${line}\\ No newline at end of file\n`)),
  moveOntoAnother,
];

function headersOf(patch: string): string[] {
  const lines = patch.split('\n').filter((line) => HEADER.test(line));
  return lines.length === 0 ? ['old mode 100644'] : lines;
}

const swapped = (lines: readonly string[], at: number, other: number): string[] => lines.with(at, lines[other] ?? '').with(other, lines[at] ?? '');

/** Changes the header lines of one file; `at` is one of them. */
function changeHeader(dice: Dice, patch: string, change: (lines: string[], at: number) => string[]): string {
  const files = filesOf(patch);
  const index = dice.below(files.length);
  const lines = (files[index] ?? '').split('\n');
  let end = 1;
  while (end < lines.length && HEADER.test(lines[end] ?? '')) end += 1;
  const head = lines.slice(0, end);
  return files.with(index, [...change(head, dice.below(head.length)), ...lines.slice(end)].join('\n')).join('');
}

function spoilLine(dice: Dice, line: string): string {
  const at = dice.below(line.length + 1);
  return line.slice(0, at) + dice.pick(['\r', '\n', '\0', '\t', ' ', '\r\n', '\xc2\xa0', '\v']) + line.slice(at);
}

/** Two hunks of different files, or of one, change places. */
function swapHunks(dice: Dice, patch: string): string {
  const parts = filesOf(patch).flatMap(hunksOf);
  const hunks = [...parts.keys()].filter((index) => parts[index]?.startsWith('@@ -'));
  if (hunks.length < 2) return patch + (parts[dice.below(parts.length)] ?? '');
  return swapped(parts, dice.pick(hunks), dice.pick(hunks)).join('');
}

/** A binary body, or half of one, comes from another file. */
function spliceBinary(dice: Dice, patch: string, other: string): string {
  const body = /^(?:literal|delta) \d+\n(?:[A-Za-z].+\n)+\n/gmu;
  const halves = other.match(body) ?? patch.match(body);
  if (halves === null) return patch;
  if (!/^GIT binary patch$/mu.test(patch)) return replaceOne(dice, patch, /^--- .*\n\+\+\+ .*\n(?:[ +@\\-].*\n)+/gmu, () => `GIT binary patch\n${dice.pick(halves)}${dice.pick(halves)}`);
  return replaceOne(dice, patch, body, (half) => dice.pick([dice.pick(halves), '', half + half, half.replace(/^literal/u, 'delta'), half.replace(/^delta/u, 'literal'), half.replace(/\d+/u, () => dice.pick(NUMBERS))]));
}

/** One number of one hunk header becomes another, or is written in another way. */
function renumber(dice: Dice, patch: string): string {
  return replaceOne(dice, patch, HUNK, (header) => replaceOne(dice, header, /\d+/gu, (number) => (dice.chance(30) ? `0${number}` : dice.pick(NUMBERS))));
}

/** A hunk says that it stands some lines further down, on both sides alike. */
function shiftHunk(dice: Dice, patch: string): string {
  const by = dice.pick([-1, 1, 1, 2, 10]);
  return replaceOne(dice, patch, HUNK, (header) => header.replace(/(?<=[-+])\d+/gu, (number) => String(Math.max(0, Number(number) + by))));
}

/** One hunk becomes two that touch, with true counts. */
function splitHunk(dice: Dice, patch: string): string {
  return replaceOne(dice, patch, /^@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@.*\n(?:[ +-].*\n)+/gmu, (hunk) => {
    const [header = '', ...lines] = hunk.split(/(?<=\n)/u);
    const [old = 0, next = 0] = (/-(\d+).*\+(\d+)/u.exec(header) ?? []).slice(1).map(Number);
    const at = dice.below(lines.length + 1);
    const [first, second] = [lines.slice(0, at), lines.slice(at)];
    return hunkOf(first, old, next) + hunkOf(second, old + countOf(first, '-'), next + countOf(first, '+'));
  });
}

const countOf = (lines: readonly string[], mark: '-' | '+'): number => lines.filter((line) => line.startsWith(' ') || line.startsWith(mark)).length;
const hunkOf = (lines: readonly string[], old: number, next: number): string => `@@ -${old},${countOf(lines, '-')} +${next},${countOf(lines, '+')} @@\n${lines.join('')}`;

/** A hunk loses lines of context at one end, with true counts: still sound while some are left. */
function trimContext(dice: Dice, patch: string): string {
  return replaceOne(dice, patch, /^@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@.*\n(?:[ +-].*\n)+/gmu, (hunk) => {
    const [header = '', ...lines] = hunk.split(/(?<=\n)/u);
    const [old = 0, next = 0] = (/-(\d+).*\+(\d+)/u.exec(header) ?? []).slice(1).map(Number);
    const cut = 1 + dice.below(3);
    if (dice.chance(50)) return hunkOf(lines.slice(0, -cut), old, next);
    return hunkOf(lines.slice(cut), old + countOf(lines.slice(0, cut), '-'), next + countOf(lines.slice(0, cut), '+'));
  });
}

/** Plus and minus, old and new change places in one file: what undoes it. */
function turnRound(dice: Dice, patch: string): string {
  const files = filesOf(patch);
  const at = dice.below(files.length);
  const turned = (files[at] ?? '').split('\n').map((line) => {
    if (/^(?:---|\+\+\+) /u.test(line)) return line;
    if (/^[+-]/u.test(line)) return (line.startsWith('+') ? '-' : '+') + line.slice(1);
    return line.replace(/^@@ -(\S+) \+(\S+) @@/u, '@@ -$2 +$1 @@').replace(/^index ([0-9a-f]+)\.\.([0-9a-f]+)/u, 'index $2..$1').replace(/^new file mode/u, 'deleted file mode');
  });
  return files.with(at, turned.join('\n')).join('');
}

/** Names in quotes or not, and their bytes in octal or not, in ways that git may or may not print. */
function respellNames(dice: Dice, patch: string): string {
  const respell = (name: string): string => {
    const plain = name.replace(/^"|"$/gu, '');
    const octal = (text: string): string => Array.from(text, (letter) => `\\${letter.charCodeAt(0).toString(8).padStart(3, '0')}`).join('');
    return dice.pick([`"${plain}"`, plain, `"${octal(plain)}"`, `"${plain.slice(0, 2)}${octal(plain.slice(2))}"`, `"${plain}`, `${plain}"`, `"${plain}\\${dice.pick(['400', '777', '8', '12', '0', 'x41', 'u0041', 'e', '\n', ''])}"`, `a/"${plain.slice(2)}"`, `"${plain}" `]);
  };
  const change = (line: string): string => line.replace(/(?:"(?:[^"\\]|\\.)*"|[^ "\t]+)(?=\t?$)/u, respell);
  return dice.chance(50) ? replaceOne(dice, patch, NAMED, change) : patch.replace(NAMED, change);
}

/** A rename or copy goes to, or comes from, a path that another part of the patch names. */
function moveOntoAnother(dice: Dice, patch: string, other: string): string {
  const names = Array.from(`${patch}${other}`.matchAll(/^(?:\+\+\+ b|--- a)\/([^\t\n"]+)$/gmu), (match) => match[1] ?? '');
  const [from, to] = [names.length === 0 ? 'x' : dice.pick(names), names.length === 0 ? 'z' : dice.pick(names)];
  const op = dice.pick(['rename', 'copy']);
  const part = `diff --git a/${from} b/${to}\nsimilarity index 100%\n${op} from ${from}\n${op} to ${to}\n`;
  const files = filesOf(patch);
  return files.toSpliced(dice.below(files.length + 1), dice.below(2), part).join('');
}

/** Replaces one of the places that fit, taken by chance. */
function replaceOne(dice: Dice, text: string, pattern: RegExp, change: (found: string) => string): string {
  const found = [...text.matchAll(pattern)];
  if (found.length === 0) return text;
  const match = dice.pick(found);
  return text.slice(0, match.index) + change(match[0]) + text.slice(match.index + match[0].length);
}
