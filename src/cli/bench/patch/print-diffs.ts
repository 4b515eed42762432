import type { Oid } from '../../../domain/ids.ts';
import { runTool } from './run-tool.ts';

/** Two trees or commits. */
export interface Pair {
  readonly base: Oid;
  readonly result: Oid;
}

/** What git prints for each pair, by one git process. Nothing for a pair that does not differ. */
export async function printDiffs(gitDir: string, pairs: readonly Pair[], flags: readonly string[]): Promise<Buffer[]> {
  if (pairs.length === 0) return [];
  const names = pairs.map(({ base, result }) => `${base} ${result}\n`);
  const out = await runTool('git', [`--git-dir=${gitDir}`, 'diff-tree', '--stdin', '-p', '--binary', '--full-index', ...flags], { cwd: gitDir, input: names.join('') });
  // A line of two ids cannot stand in a diff, where every line of content has a mark before it.
  const starts: number[] = [];
  let at = 0;
  for (const name of names) {
    const found = out.indexOf(name, at);
    starts.push(found);
    if (found >= 0) at = found + name.length;
  }
  return starts.map((start, index) => {
    if (start < 0) return Buffer.alloc(0);
    const next = starts.slice(index + 1).find((other) => other >= 0) ?? out.length;
    return out.subarray(start + (names[index]?.length ?? 0), next);
  });
}
