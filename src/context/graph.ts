import type { RepoFacts } from '../domain/context.ts';
import type { RepoName } from '../domain/ids.ts';
import { LIMITS } from './limits.ts';
import { byCodeUnit } from './order.ts';
import type { Target } from './resolve/paths.ts';

/** One string for one file of one repository. NUL is in neither part. */
export const keyOf = (target: Target): string => `${target.repo}\0${target.path}`;

/** Who imports whom, in both directions, over all repositories of the workflow. Files go by numbers: a large repository has a million imports. */
export interface ImportGraph {
  /** Every file, repository after repository, in the order of its tree: its place is its number. */
  readonly files: readonly Target[];
  /** Each once, the lowest first. */
  importsOf(file: number): Uint32Array;
  importersOf(file: number): Uint32Array;
}

export function importGraph(repos: readonly Pick<RepoFacts, 'repo' | 'files'>[]): ImportGraph {
  const files = repos.flatMap(({ repo, files: own }) => own.map(({ path }) => ({ repo, path })));
  const numbers = new Map<RepoName, Map<string, number>>();
  for (const [number, { repo, path }] of files.entries()) numbers.set(repo, (numbers.get(repo) ?? new Map<string, number>()).set(path, number));
  const imports = createLists(files.length);
  const importers = new Uint32Array(files.length + 1);
  for (const { files: own } of repos) {
    for (const file of own) {
      const from = imports.length;
      const targets = new Set<number>();
      for (const { target } of file.imports) {
        const to = target === null ? undefined : numbers.get(target.repo)?.get(target.path);
        if (to !== undefined && to !== from) targets.add(to);
      }
      const each = targets.size === 0 ? NOBODY : Uint32Array.from(targets).sort();
      for (const to of each) importers[to + 1] = (importers[to + 1] ?? 0) + 1;
      imports.push(each);
    }
  }
  return { files, importsOf: (file) => imports.at(file), importersOf: reversed(imports, importers) };
}

const NOBODY = new Uint32Array(0);

/** Many lists of numbers in one array. */
function createLists(most: number): { readonly length: number; push(list: Uint32Array): void; at(index: number): Uint32Array } {
  const ends = new Uint32Array(most + 1);
  let values = new Uint32Array(1_024);
  let length = 0;
  return {
    get length() {
      return length;
    },
    push(list) {
      const end = ends[length] ?? 0;
      if (end + list.length > values.length) {
        const larger = new Uint32Array((end + list.length) * 2);
        larger.set(values);
        values = larger;
      }
      values.set(list, end);
      ends[++length] = end + list.length;
    },
    at: (index) => values.subarray(ends[index], ends[index + 1]),
  };
}

/** The lists the other way about: `counts` says, one place further, how many lead to each. */
function reversed(lists: { readonly length: number; at(index: number): Uint32Array }, counts: Uint32Array): (index: number) => Uint32Array {
  const starts = counts;
  for (let index = 1; index < starts.length; index++) starts[index] = (starts[index] ?? 0) + (starts[index - 1] ?? 0);
  const values = new Uint32Array(starts.at(-1) ?? 0);
  const next = starts.slice();
  for (let from = 0; from < lists.length; from++) {
    for (const to of lists.at(from)) {
      const place = next[to] ?? 0;
      values[place] = from;
      next[to] = place + 1;
    }
  }
  return (index) => values.subarray(starts[index], starts[index + 1]);
}

/** Groups of files of a repository that import each other in a circle (Tarjan, without recursion: an import chain can be long). */
export function findCycles(repo: RepoName, graph: ImportGraph): string[][] {
  const { files } = graph;
  // 0: not reached yet.
  const index = new Uint32Array(files.length);
  const low = new Uint32Array(files.length);
  const onStack = new Uint8Array(files.length);
  const stack: number[] = [];
  const cycles: string[][] = [];
  let reached = 0;
  const enter = (file: number): { file: number; next: Uint32Array; at: number } => {
    index[file] = low[file] = ++reached;
    stack.push(file);
    onStack[file] = 1;
    return { file, next: graph.importsOf(file).filter((other) => files[other]?.repo === repo), at: 0 };
  };
  const leave = (file: number): void => {
    if (low[file] !== index[file]) return;
    const group: string[] = [];
    for (let member = stack.pop(); member !== undefined; member = stack.pop()) {
      onStack[member] = 0;
      group.push(files[member]?.path ?? '');
      if (member === file) break;
    }
    if (group.length > 1) cycles.push(group.sort(byCodeUnit));
  };
  const lower = (file: number, value: number): void => void (low[file] = Math.min(low[file] ?? value, value));
  for (const [root, { repo: owner }] of files.entries()) {
    if (owner !== repo || index[root] !== 0) continue;
    const frames = [enter(root)];
    for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
      const next = frame.next[frame.at++];
      if (next === undefined) {
        frames.pop();
        leave(frame.file);
        const parent = frames.at(-1);
        if (parent !== undefined) lower(parent.file, low[frame.file] ?? 0);
      } else if (index[next] === 0) frames.push(enter(next));
      else if (onStack[next] === 1) lower(frame.file, index[next] ?? 0);
    }
  }
  return cycles.sort((left, right) => byCodeUnit(left[0] ?? '', right[0] ?? '')).slice(0, LIMITS.cycles);
}
