import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';

import type { WorkflowId } from '../../domain/ids.ts';

const PROGRAM = fileURLToPath(new URL('append-process.ts', import.meta.url));

export interface Writer {
  readonly name: string;
  readonly workflow: WorkflowId;
}

/** How often a writer had to decide again: another was faster, or the store gave no answer. */
export interface Retries {
  readonly 'lost-race': number;
  readonly 'no-answer': number;
}

/** Lets each group of writers append `count` records in a process of its own, all at the same time. Rejects when one fails. */
export async function writeConcurrently(gitDir: string, groups: readonly (readonly Writer[])[], count: number): Promise<Retries> {
  const outputs = await Promise.all(groups.map((group) => promisify(execFile)(process.execPath, [PROGRAM, gitDir, String(count), ...group.map(({ name, workflow }) => `${name}=${workflow}`)])));
  const all = outputs.map(({ stdout }) => JSON.parse(stdout) as Retries);
  return { 'lost-race': all.reduce((sum, each) => sum + each['lost-race'], 0), 'no-answer': all.reduce((sum, each) => sum + each['no-answer'], 0) };
}

/** The records that each writer should have made, in its order. */
export const keysOf = ({ name }: Writer, count: number): readonly string[] => Array.from({ length: count }, (_, index) => `writer-${name}-${index}`);
