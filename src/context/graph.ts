import type { RepoFacts } from '../domain/context.ts';
import type { RepoName } from '../domain/ids.ts';
import { LIMITS } from './limits.ts';
import { byCodeUnit } from './order.ts';
import type { Target } from './resolve/paths.ts';

/** One string for one file of one repository. NUL is in neither part. */
export const keyOf = (target: Target): string => `${target.repo}\0${target.path}`;
export const targetOf = (key: string): Target => {
  const cut = key.indexOf('\0');
  return { repo: key.slice(0, cut), path: key.slice(cut + 1) };
};

/** Who imports whom, in both directions, over all repositories of the workflow. */
export interface ImportGraph {
  readonly imports: ReadonlyMap<string, ReadonlySet<string>>;
  readonly importers: ReadonlyMap<string, ReadonlySet<string>>;
}

export function importGraph(repos: readonly Pick<RepoFacts, 'repo' | 'files'>[]): ImportGraph {
  const imports = new Map<string, Set<string>>();
  const importers = new Map<string, Set<string>>();
  for (const { repo, files } of repos) {
    for (const file of files) {
      const from = keyOf({ repo, path: file.path });
      for (const { target } of file.imports) {
        if (target === null) continue;
        const to = keyOf(target);
        if (to === from) continue;
        add(imports, from, to);
        add(importers, to, from);
      }
    }
  }
  return { imports, importers };
}

function add(map: Map<string, Set<string>>, key: string, value: string): void {
  const set = map.get(key);
  if (set === undefined) map.set(key, new Set([value]));
  else set.add(value);
}

const NONE: readonly string[] = [];

/** Groups of files that import each other in a circle (Tarjan, without recursion: an import chain can be long). */
export function findCycles(repo: RepoName, paths: readonly string[], graph: ImportGraph): string[][] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const onStack = new Set<string>();
  const stack: string[] = [];
  const cycles: string[][] = [];
  const own = keyOf({ repo, path: '' });
  const inside = (key: string): string[] => [...(graph.imports.get(key) ?? NONE)].filter((next) => next.startsWith(own)).sort(byCodeUnit);
  const enter = (key: string): { key: string; next: string[]; at: number } => {
    index.set(key, index.size);
    low.set(key, index.size - 1);
    stack.push(key);
    onStack.add(key);
    return { key, next: inside(key), at: 0 };
  };
  const leave = (key: string): void => {
    if (low.get(key) !== index.get(key)) return;
    const group: string[] = [];
    for (let member = stack.pop(); member !== undefined; member = stack.pop()) {
      onStack.delete(member);
      group.push(targetOf(member).path);
      if (member === key) break;
    }
    if (group.length > 1) cycles.push(group.sort(byCodeUnit));
  };
  const lower = (key: string, value: number): void => void low.set(key, Math.min(low.get(key) ?? value, value));
  for (const path of paths) {
    const root = keyOf({ repo, path });
    if (index.has(root)) continue;
    const frames = [enter(root)];
    for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
      const next = frame.next[frame.at++];
      if (next === undefined) {
        frames.pop();
        leave(frame.key);
        const parent = frames.at(-1);
        if (parent !== undefined) lower(parent.key, low.get(frame.key) ?? 0);
      } else if (!index.has(next)) frames.push(enter(next));
      else if (onStack.has(next)) lower(frame.key, index.get(next) ?? 0);
    }
  }
  return cycles.sort((left, right) => byCodeUnit(left[0] ?? '', right[0] ?? '')).slice(0, LIMITS.cycles);
}
