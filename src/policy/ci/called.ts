import { findUses, type ScriptPlace } from './called-files.ts';
import type { TaskCall } from './task-calls.ts';

/** What a CI file of the base tree uses, and the line that says so: a file or folder as a glob, or tasks that another file names. */
export type Called = CalledFile | CalledTask;

export interface CalledFile {
  readonly kind: 'file';
  readonly glob: string;
  readonly line: number;
  /** True for another definition, which is read in turn. */
  readonly isDefinition: boolean;
}

export interface CalledTask {
  readonly kind: 'task';
  readonly call: TaskCall;
  readonly line: number;
}

/** What a script that stands in a CI file uses. */
export function scriptOf(text: string, place: ScriptPlace, line: number): Called[] {
  const { globs, tasks } = findUses(text, place);
  return [...globs.map((glob): Called => ({ kind: 'file', glob, line, isDefinition: false })), ...tasks.map((call): Called => ({ kind: 'task', call, line }))];
}
