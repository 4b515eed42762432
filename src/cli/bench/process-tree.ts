import { readdirSync, readFileSync } from 'node:fs';

const SAMPLE_MS = 100;
const PAGE_BYTES = 4_096;
/** Clock ticks a second in /proc, on every Linux that node runs on. */
const TICKS = 100;

/** The most that a process and its descendants held at one sample. A sample: what came and went between two is not seen; shared pages count in each process. */
export interface TreePeak {
  /** Null where there is no /proc to sample. */
  readonly residentBytes: number | null;
  readonly processes: number;
  /** Node processes seen in the tree, by different process ids. */
  readonly nodeProcesses: number;
}

/** Samples the tree below `pid` until stopped. */
export function watchTree(pid: number): { stop(): TreePeak } {
  let residentBytes: number | null = null;
  let processes = 0;
  const nodes = new Set<number>();
  const sample = (): void => {
    const tree = descendants(pid, readProcesses());
    if (tree.length === 0) return;
    residentBytes = Math.max(residentBytes ?? 0, tree.reduce((total, each) => total + each.residentBytes, 0));
    processes = Math.max(processes, tree.length);
    for (const each of tree) if (/^(?:node|MainThread)/.test(each.name)) nodes.add(each.pid);
  };
  const timer = setInterval(sample, SAMPLE_MS);
  sample();
  return {
    stop() {
      clearInterval(timer);
      return { residentBytes, processes, nodeProcesses: nodes.size };
    },
  };
}

/** Processor time of all children of this process that have ended, and of theirs. Null where there is no /proc. */
export function endedChildrenCpuSeconds(): number | null {
  try {
    const text = readFileSync('/proc/self/stat', 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[13]) + Number(fields[14])) / TICKS;
  } catch {
    return null;
  }
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
  readonly residentBytes: number;
}

function readProcesses(): readonly Process[] {
  return numbersIn('/proc').flatMap((pid) => {
    const read = readStat(pid);
    return read ? [read] : [];
  });
}

function numbersIn(directory: string): readonly number[] {
  try {
    return readdirSync(directory).filter((name) => /^\d+$/.test(name)).map(Number);
  } catch {
    return [];
  }
}

// `PID (NAME) STATE PPID …`: the name may hold spaces and parentheses, so it ends at the last one. Resident pages are field 24.
function readStat(pid: number): Process | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const close = text.lastIndexOf(')');
    const fields = text.slice(close + 2).split(' ');
    return { pid, parent: Number(fields[1]), name: text.slice(text.indexOf('(') + 1, close), residentBytes: Number(fields[21]) * PAGE_BYTES };
  } catch {
    // It ended between the listing and the reading.
    return null;
  }
}

function descendants(root: number, all: readonly Process[]): readonly Process[] {
  const children = Map.groupBy(all, ({ parent }) => parent);
  const tree = all.filter(({ pid }) => pid === root);
  for (const each of tree) tree.push(...(children.get(each.pid) ?? []));
  return tree;
}
