/** One task that a file of tasks names: what it runs, and which others it needs. */
export interface Task {
  readonly name: string;
  /** Commands, as a shell would be given them. What only the run knows is a wildcard. */
  readonly script: string;
  /** Other tasks of the same file that run with it. */
  readonly needs: readonly string[];
  readonly line: number;
  /** Where it runs, seen from the file's folder. */
  readonly folder?: string;
}

/** A file of tasks, read as data. */
export interface TaskFile {
  readonly tasks: readonly Task[];
  /** Names that are meant when none is given; null: all of them. */
  readonly byDefault: readonly string[] | null;
  /** Other files of tasks that it takes in, seen from its own folder. */
  readonly includes: readonly string[];
}

export type ReadTasks = (text: string) => TaskFile;

export const NO_TASKS: TaskFile = { tasks: [], byDefault: [], includes: [] };
export const TASKS_MAX = 5000;
