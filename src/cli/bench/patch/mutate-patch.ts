import type { Dice } from './dice.ts';
import { mutateStructure } from './mutate-structure.ts';

const LINES = [
  'rename to package.json', 'rename from a.txt', 'similarity index 100%', 'new mode 100755', 'old mode 100644', 'new file mode 120000', 'deleted file mode 100644',
  'index 0000000..e69de29', '--- /dev/null', '+++ /dev/null', '+++ b/../x', '--- a/a.txt', '+++ b/a.txt', 'diff --git a/a.txt b/a.txt', '@@ -1 +1 @@', '@@ -0,0 +1 @@', '+x', '-x', ' x', ' ', '',
  '\\ No newline at end of file', 'GIT binary patch', 'literal 0', 'HcmV?d00001', 'prose', '-- ', '2.39.5', '---', ' 1 file changed, 1 insertion(+)', 'From 1111111111111111111111111111111111111111 Mon Sep 17 00:00:00 2001', 'copy from a.txt', 'dissimilarity index 90%',
];
const BYTES = '0 1 2 3 4 5 6 7 8 9 a b / + - @ \\ " \t \r \n \0'.split(' ').concat(' ');
const PATHS = ['a.txt', 'src/c.js', 'x', 'x/y', 'new.txt', 'dir/new.txt', '../x', '/x', '.git/x', 'x//y', './x', 'CON', 'z'];
const MAIL = 'From 1111111111111111111111111111111111111111 Mon Sep 17 00:00:00 2001\nFrom: A <a@example.org>\nDate: Thu, 1 Jan 1970 00:00:00 +0000\nSubject: [PATCH] x\n\n';

/** For tests and benchmarks: one patch (a byte string), spoilt in one to three places; `other` is a second one to take from. */
export function mutatePatch(dice: Dice, patch: string, other: string): string {
  let mutated = patch;
  for (let count = 1 + dice.below(3); count > 0; count -= 1) mutated = mutateOnce(dice, mutated, other);
  return mutated;
}

function mutateOnce(dice: Dice, patch: string, other: string): string {
  const roll = dice.below(100);
  if (roll < 15) return mutateByte(dice, patch);
  if (roll < 45) return mutateLine(dice, patch);
  if (roll < 80) return mutateStructure(dice, patch, other);
  if (roll < 93) return mutateParts(dice, patch, other);
  return mutateWhole(dice, patch, other);
}

function mutateByte(dice: Dice, patch: string): string {
  const at = dice.below(patch.length + 1);
  const byte = dice.chance(60) ? dice.pick(BYTES) : String.fromCharCode(dice.below(256));
  return patch.slice(0, at) + (dice.chance(30) ? '' : byte) + patch.slice(at + dice.below(2));
}

function mutateLine(dice: Dice, patch: string): string {
  const lines = patch.split('\n');
  const at = dice.below(lines.length);
  const line = lines[at] ?? '';
  switch (dice.below(9)) {
    case 0:
      lines.splice(at, 1);
      break;
    case 1:
      lines.splice(at, 0, line);
      break;
    case 2:
      lines.splice(at, 0, dice.pick(LINES));
      break;
    case 3:
      lines[at] = dice.pick(LINES);
      break;
    case 4:
      lines[at] = lines[dice.below(lines.length)] ?? '';
      break;
    case 5:
      lines[at] = line.replace(/\d+/u, (number) => String(Math.max(0, Number(number.slice(0, 9)) + dice.below(5) - 2)));
      break;
    case 6:
      // Only an added line may say anything else.
      if (line.startsWith('+') && !line.startsWith('+++')) lines[at] = `+${dice.pick(LINES)}`;
      break;
    case 7:
      shiftHunk(dice, lines);
      break;
    default:
      dropIndex(lines);
  }
  return lines.join('\n');
}

/** Moves one hunk header's numbers together, which looks right and is not. */
function shiftHunk(dice: Dice, lines: string[]): void {
  const headers = lines.flatMap((line, index) => (line.startsWith('@@ -') ? [index] : []));
  if (headers.length === 0) return;
  const at = dice.pick(headers);
  const by = dice.below(7) - 3;
  lines[at] = (lines[at] ?? '').replace(/(?<=[-+])\d+/gu, (number) => String(Math.max(0, Number(number) + by)));
}

/** Without its index line, only lines and positions hold a patch to its base. */
function dropIndex(lines: string[]): void {
  const at = lines.findIndex((line) => line.startsWith('index '));
  if (at >= 0) lines.splice(at, 1);
}

/** Takes whole files out of the patch, doubles or swaps them, or takes some from the other. */
function mutateParts(dice: Dice, patch: string, other: string): string {
  const parts = partsOf(patch);
  const at = dice.below(parts.length);
  const part = parts[at] ?? '';
  switch (dice.below(6)) {
    case 0:
      if (parts.length > 1) parts.splice(at, 1);
      break;
    case 1:
      parts.splice(dice.below(parts.length), 0, part);
      break;
    case 2:
      parts.splice(dice.below(parts.length), 0, ...parts.splice(at, 1));
      break;
    case 3:
      parts.splice(at, 0, dice.pick(partsOf(other)));
      break;
    case 4:
      parts[at] = withoutHunk(dice, part);
      break;
    default:
      parts[at] = withOtherPath(dice, part);
  }
  return parts.join('');
}

const partsOf = (patch: string): string[] => patch.split(/(?<=\n)(?=diff --git )/u);

/** Leaves one hunk out, and its index line, so that the rest may still be sound. */
function withoutHunk(dice: Dice, part: string): string {
  const [head = '', ...hunks] = part.split(/(?<=\n)(?=@@ -)/u);
  if (hunks.length > 1) hunks.splice(dice.below(hunks.length), 1);
  return head.replace(/^index .*\n/mu, '') + hunks.join('');
}

/** Gives the file another path wherever its header has the old one. */
function withOtherPath(dice: Dice, part: string): string {
  const name = /^diff --git a\/(.+) b\/\1$/mu.exec(part)?.[1];
  const path = dice.pick(PATHS);
  return name === undefined ? part : part.replace(/^(?:diff --git|---|\+\+\+) .*$/gmu, (line) => line.replaceAll(name, path));
}

function mutateWhole(dice: Dice, patch: string, other: string): string {
  switch (dice.below(6)) {
    case 0:
      return dice.chance(50) ? patch + other : other + patch;
    case 1:
      return `${MAIL}---\n a.txt | ${dice.below(9)} +-\n ${partsOf(patch).length} files changed\n\n${patch}-- \n2.39.5\n\n`;
    case 2:
      return `${MAIL}---\n${partsOf(patch).map((_, index) => ` f${index} | ${dice.below(9)} +\n`).join('')} ${partsOf(patch).length} files changed, 1 insertion(+)\n\n${patch}${dice.chance(50) ? '-- \n2.39.5\n\n' : '\n'}`;
    case 3:
      return `${'a'.repeat(40)}\n${patch}`;
    case 4:
      return patch.replaceAll('\n', '\r\n');
    default:
      return patch.slice(0, dice.below(patch.length + 1));
  }
}
