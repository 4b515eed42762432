import type { Dice } from './dice.ts';
import { editBinary, editText, newBinary, newText } from './synthetic-content.ts';

/** For tests and benchmarks: what stands at a path. Content and paths are byte strings. */
export type SyntheticFile =
  | { readonly kind: 'plain' | 'executable' | 'symlink'; readonly content: string }
  | { readonly kind: 'submodule'; readonly commit: string };

/** The paths that one commit changes; null for a path that goes. */
export type SyntheticCommit = ReadonlyMap<string, SyntheticFile | null>;

const NAMES = [
  'a.txt', 'b b.txt', '\xc3\xbc.txt', 'q"uote', '"quoted"', 'tab\tx', 'new\nline', 'back\\slash', 'src/c.js', 'src/deep/d.js', 'src/deep/e', '-dash', 'diff --git', 'x/y', 'x', 'z', 'x y/ z ', 'caf\xe9.txt', 'd\xff/\xfe\x80',
  'a/b', 'b/b', ' lead', 'trail ', 'dev/null', '{a => b}', 'a => b', '100%', 'CON', 'README', 'del\x7f', '\x01', 'sub', 'a|b', 'rename to z',
];
const TARGETS = ['a.txt', '../x', 'nowhere', 'caf\xe9', 'with\nline', 'x'.repeat(300)];

/**
 * A history that touches every shape a diff can have: renames and copies, with and without edits, also of files that change places; modes and kinds
 * that change; binary literals and deltas; every ending; files that become directories; names that need quotes.
 */
export function syntheticHistory(dice: Dice, commits: number): SyntheticCommit[] {
  const standing = new Map<string, SyntheticFile>();
  return Array.from({ length: commits }, () => {
    const changes = new Map<string, SyntheticFile | null>();
    const put = (path: string, file: SyntheticFile | null): void => {
      changes.set(path, file);
      if (file === null) standing.delete(path);
      else {
        for (const other of clashing(path, standing)) put(other, null);
        standing.set(path, file);
      }
    };
    for (let count = 1 + dice.below(4); count > 0; count -= 1) changeOne(dice, standing, put);
    return changes;
  });
}

/** What cannot stand beside `path`: files where its directories are, and files below it. */
const clashing = (path: string, standing: ReadonlyMap<string, SyntheticFile>): string[] => [...standing.keys()].filter((other) => path.startsWith(`${other}/`) || other.startsWith(`${path}/`));

type Put = (path: string, file: SyntheticFile | null) => void;

function changeOne(dice: Dice, standing: ReadonlyMap<string, SyntheticFile>, put: Put): void {
  const paths = [...standing.keys()];
  const fresh = (): string => (dice.chance(70) ? dice.pick(NAMES) : `${dice.pick(['moved', 'copies/of', 'k\xc3\xb6pie', 's p'])}-${dice.below(6)}`);
  const path = paths.length > 0 && dice.chance(75) ? dice.pick(paths) : fresh();
  const old = standing.get(path);
  if (old === undefined) return put(path, newFile(dice));
  const roll = dice.below(100);
  if (roll < 12) return put(path, null);
  if (roll < 30) return move(dice, { path, old, to: fresh(), put });
  if (roll < 38) return put(fresh(), dice.chance(50) ? old : editFile(dice, old));
  if (roll < 42) return swap(dice, { path, old, other: dice.pick(paths), standing, put });
  put(path, roll < 50 ? changeKind(dice, old) : editFile(dice, old));
}

function move(dice: Dice, { path, old, to, put }: { path: string; old: SyntheticFile; to: string; put: Put }): void {
  put(path, null);
  put(to, dice.chance(50) ? old : dice.chance(80) ? editFile(dice, old) : changeKind(dice, old));
}

/** Two files change places, one of them perhaps edited. */
function swap(dice: Dice, { path, old, other, standing, put }: { path: string; old: SyntheticFile; other: string; standing: ReadonlyMap<string, SyntheticFile>; put: Put }): void {
  const second = standing.get(other);
  if (second === undefined || other === path) return;
  put(path, second);
  put(other, dice.chance(50) ? old : editFile(dice, old));
}

function newFile(dice: Dice): SyntheticFile {
  const roll = dice.below(100);
  if (roll < 6) return { kind: 'symlink', content: dice.pick(TARGETS) };
  if (roll < 10) return submodule(dice);
  const kind = roll < 20 ? 'executable' : 'plain';
  return { kind, content: dice.chance(20) ? newBinary(dice) : newText(dice) };
}

const submodule = (dice: Dice): SyntheticFile => ({ kind: 'submodule', commit: Array.from({ length: 40 }, () => dice.below(16).toString(16)).join('').replace(/^0+$/u, '1'.repeat(40)) });

function changeKind(dice: Dice, old: SyntheticFile): SyntheticFile {
  if (old.kind === 'plain' && dice.chance(70)) return { ...old, kind: 'executable' };
  if (old.kind === 'executable' && dice.chance(70)) return { ...old, kind: 'plain' };
  return newFile(dice);
}

function editFile(dice: Dice, old: SyntheticFile): SyntheticFile {
  if (old.kind === 'submodule') return submodule(dice);
  if (old.kind === 'symlink') return { kind: 'symlink', content: dice.pick(TARGETS) };
  const isBinary = old.content.startsWith('\0');
  if (dice.chance(5)) return { ...old, content: isBinary ? newText(dice) : newBinary(dice) };
  return { ...old, content: isBinary ? editBinary(dice, old.content) : editText(dice, old.content) };
}
