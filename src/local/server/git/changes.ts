// What lies between two commits, from git itself.
import type { GitStore } from './git-store.ts';
import { runGit } from './run-git.ts';

export interface FileChange {
  readonly path: string;
  readonly previousPath: string | null;
  readonly status: 'added' | 'removed' | 'modified' | 'renamed';
  readonly additions: number;
  readonly deletions: number;
  /** Object id of the file afterwards, or before when it is removed. */
  readonly oid: string;
  /** The hunks, without the header; null for binary files. */
  readonly patch: string | null;
}

const STATUS: Readonly<Record<string, FileChange['status']>> = { A: 'added', D: 'removed', M: 'modified', T: 'modified', R: 'renamed', C: 'added' };

/** The changes between two trees or commits, renames found, in git's order. Empty when one of them does not exist. */
export async function listChanges(store: GitStore, before: string, after: string): Promise<FileChange[]> {
  const raw = await runGit(store.gitDir, ['diff-tree', '-r', '-M', '-z', '--raw', '--no-abbrev', '--no-ext-diff', before, after]);
  const numbers = await runGit(store.gitDir, ['diff-tree', '-r', '-M', '-z', '--numstat', before, after]);
  const patches = await runGit(store.gitDir, ['diff-tree', '-r', '-M', '-p', '--no-ext-diff', '--no-textconv', before, after]);
  const counts = parseNumbers(numbers.stdout.toString('utf8'));
  const hunks = patches.stdout.toString('utf8').split(/^(?=diff --git )/m).filter((part) => part.startsWith('diff --git ')).map((part) => /^@@[\s\S]*/m.exec(part)?.[0] ?? null);
  return parseRaw(raw.stdout.toString('utf8')).map(({ sections, ...change }, index) => {
    const own = hunks.splice(0, sections).filter((hunk) => hunk !== null);
    return { ...change, ...(counts[index] ?? { additions: 0, deletions: 0 }), patch: own.length === 0 ? null : own.join('') };
  });
}

/** `sections`: how many parts of the patch are this change's. A change of type (file to symlink) is printed as a removal and an addition. */
type RawChange = Pick<FileChange, 'path' | 'previousPath' | 'status' | 'oid'> & { readonly sections: number };

function parseRaw(text: string): RawChange[] {
  const parts = text.split('\0');
  const changes: RawChange[] = [];
  for (let at = 0; at < parts.length && parts[at] !== ''; ) {
    const [, , before = '', after = '', letter = 'M'] = (parts[at] ?? '').split(' ');
    const renamed = letter.startsWith('R') || letter.startsWith('C');
    const status = STATUS[letter.charAt(0)] ?? 'modified';
    changes.push({ sections: letter === 'T' ? 2 : 1, status, oid: status === 'removed' ? before : after, path: parts[at + (renamed ? 2 : 1)] ?? '', previousPath: renamed ? (parts[at + 1] ?? null) : null });
    at += renamed ? 3 : 2;
  }
  return changes;
}

function parseNumbers(text: string): { additions: number; deletions: number }[] {
  const parts = text.split('\0');
  const counts: { additions: number; deletions: number }[] = [];
  for (let at = 0; at < parts.length && parts[at] !== ''; ) {
    const [additions = '0', deletions = '0', path = ''] = (parts[at] ?? '').split('\t');
    counts.push({ additions: Number(additions) || 0, deletions: Number(deletions) || 0 });
    at += path === '' ? 3 : 1;
  }
  return counts;
}

/** Commits reachable from `head` and not from `base`, oldest first, at most `max`. */
export async function commitsBetween(store: GitStore, base: string, head: string, max = 250): Promise<string[]> {
  const listed = await runGit(store.gitDir, ['rev-list', '--reverse', '--topo-order', `--max-count=${max}`, head, `^${base}`]);
  return listed.stdout.toString('utf8').split('\n').filter((line) => line !== '');
}

/** The same, but only how many. */
export async function countBetween(store: GitStore, base: string, head: string): Promise<number> {
  const counted = await runGit(store.gitDir, ['rev-list', '--count', head, `^${base}`]);
  return Number(counted.stdout.toString('utf8').trim() || '0');
}
