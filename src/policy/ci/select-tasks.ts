import { matchNames } from './task-calls.ts';
import { ALWAYS } from './tasks/makefile.ts';
import type { Task, TaskFile } from './tasks/task-file.ts';

// The same file is asked for the same tasks in every round of reading a base.
const memory = new WeakMap<TaskFile, Map<string, readonly Task[]>>();

/** The tasks that these names mean, with all that they need. */
export function selectTasks(file: TaskFile, names: readonly string[]): readonly Task[] {
  const kept = memory.get(file) ?? new Map<string, readonly Task[]>();
  memory.set(file, kept);
  const key = JSON.stringify(names);
  const selected = kept.get(key) ?? select(file, names);
  kept.set(key, selected);
  return selected;
}

function select({ tasks, byDefault }: TaskFile, names: readonly string[]): Task[] {
  const asked = names.length > 0 ? names : byDefault;
  if (asked === null) return [...tasks];
  const isAsked = matchNames([...asked, ALWAYS]);
  const selected = new Set(tasks.filter(({ name }) => isAsked(name) || (name.includes('%') && asked.some(matchNames([name])))));
  const byName = Map.groupBy(tasks, ({ name }) => name);
  const patterns = tasks.filter(({ name }) => name.includes('%')).map((task) => ({ task, isMeant: matchNames([task.name]) }));
  const met = new Set<string>();
  // A set grows while it is walked: what is needed is walked in turn.
  for (const { needs } of selected) {
    for (const need of needs.filter((each) => !met.has(each))) {
      met.add(need);
      for (const task of neededBy(need)) selected.add(task);
    }
  }
  return [...selected];

  function neededBy(need: string): readonly Task[] {
    // What make computes could be anything; nothing is said by that.
    if (WILD.test(need)) {
      const isNeeded = matchNames([need]);
      return need.replaceAll(WILDS, '').length < LITERAL_LEAST ? [] : tasks.slice(0, PATTERNS_MAX).filter(({ name }) => isNeeded(name));
    }
    // `%.o: %.c` makes whatever is asked for that fits.
    return byName.get(need) ?? patterns.slice(0, PATTERNS_MAX).filter(({ isMeant }) => isMeant(need)).map(({ task }) => task);
  }
}

const WILD = /[*%\u0001]/;
const WILDS = /[*%\u0001]/g;
const LITERAL_LEAST = 3;
const PATTERNS_MAX = 500;
