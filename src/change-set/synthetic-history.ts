/** For tests only: what stands at a path; null for nothing. */
export type SyntheticFile = string | Uint8Array | { readonly kind: 'executable' | 'symlink'; readonly content: string } | null;

/** For tests only: a small, fast generator with a printable seed (mulberry32). */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A whole number from 0 up to, but not including, `end`. */
  below(end: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % end;
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  }

  chance(percent: number): boolean {
    return this.below(100) < percent;
  }
}

const NAMES = ['a.txt', 'b b.txt', 'ü.txt', 'q"uote', 'tab\tx', 'src/c.js', 'src/deep/d.js', 'src/deep/e', '-dash', 'diff --git', 'x/y', 'z'];
const WORDS = ['', ' ', '-', '+', '--- a/x', '+++ b/x', '@@ -1 +1 @@', '\\ No newline at end of file', 'return null;', '}', 'caf\u00e9', '\t', 'diff --git a/a b/a', 'x', 'y', 'z'];

/** For tests only: the files of one synthetic commit, as changes to those that stand. */
export function nextFiles(dice: Dice, standing: ReadonlyMap<string, SyntheticFile>): Record<string, SyntheticFile> {
  const files: Record<string, SyntheticFile> = {};
  for (let count = 1 + dice.below(4); count > 0; count -= 1) {
    const name = dice.pick(NAMES);
    const old = standing.get(name);
    if (old !== undefined && dice.chance(20)) files[name] = null;
    else if (old !== undefined && dice.chance(15)) Object.assign(files, { [name]: null, [`moved-${dice.below(3)}.txt`]: old });
    else files[name] = nextFile(dice, typeof old === 'string' ? old : null);
  }
  return files;
}

function nextFile(dice: Dice, old: string | null): SyntheticFile {
  if (dice.chance(8)) return { kind: 'symlink', content: dice.pick(['a.txt', '../x', 'nowhere']) };
  if (dice.chance(10)) return Uint8Array.from({ length: dice.below(400) }, () => dice.below(256));
  const content = old !== null && dice.chance(75) ? editText(dice, old) : newText(dice);
  return dice.chance(10) ? { kind: 'executable', content } : content;
}

function newText(dice: Dice): string {
  const ending = dice.chance(25) ? '\r\n' : '\n';
  const text = Array.from({ length: dice.below(40) }, () => dice.pick(WORDS) + ending).join('');
  return dice.chance(20) ? text.trimEnd() : text;
}

function editText(dice: Dice, old: string): string {
  const lines = old.split(/(?<=\n)/u);
  for (let count = 1 + dice.below(3); count > 0; count -= 1) {
    const at = dice.below(lines.length + 1);
    lines.splice(at, dice.below(3), ...Array.from({ length: dice.below(3) }, () => `${dice.pick(WORDS)}${dice.chance(85) ? '\n' : '\r\n'}`));
  }
  const text = lines.join('');
  return dice.chance(10) ? text.replace(/\r?\n$/u, '') : text;
}
