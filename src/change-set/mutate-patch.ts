import type { Dice } from './synthetic-history.ts';

const LINES = [
  'rename to package.json', 'rename from a.txt', 'similarity index 100%', 'new mode 100755', 'old mode 100644', 'new file mode 120000', 'deleted file mode 100644',
  'index 0000000..e69de29', '--- /dev/null', '+++ /dev/null', '+++ b/../x', '--- a/a.txt', '+++ b/a.txt', 'diff --git a/a.txt b/a.txt', '@@ -1 +1 @@', '@@ -0,0 +1 @@', '+x', '-x', ' x', ' ', '',
  '\\ No newline at end of file', 'GIT binary patch', 'literal 0', 'HcmV?d00001', 'prose',
];

/** For tests only: one patch, spoilt in one to three places (byte strings). */
export function mutatePatch(dice: Dice, patch: string, other: string): string {
  let mutated = patch;
  for (let count = 1 + dice.below(3); count > 0; count -= 1) mutated = dice.chance(25) ? mutateByte(dice, mutated) : mutateLine(dice, mutated, other);
  return mutated;
}

function mutateByte(dice: Dice, patch: string): string {
  const at = dice.below(patch.length + 1);
  const byte = dice.chance(60) ? dice.pick('0 1 2 3 4 5 6 7 8 9 a b / + - @ \\ " \t \r \n'.split(' ').concat(' ')) : String.fromCharCode(dice.below(256));
  return patch.slice(0, at) + (dice.chance(30) ? '' : byte) + patch.slice(at + dice.below(2));
}

function mutateLine(dice: Dice, patch: string, other: string): string {
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
      return dice.chance(50) ? patch + other : other + patch;
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
