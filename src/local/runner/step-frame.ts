// What steps share with the actions that they use.
import { resolve, sep } from 'node:path';
import type { JobSession, StepResult } from './job-session.ts';

/** Where steps run: the job itself, or a composite action within it. */
export interface StepFrame {
  steps: Record<string, StepResult>;
  /** Inputs of a composite action; null in a job, where `inputs` are the run's. */
  inputs: Record<string, string> | null;
  /** Folder of the composite action. */
  actionPath: string | null;
  shell: string | null;
  workingDirectory: string | null;
}

/** What running a step's own work came to. `summary` and outputs are read from its command files afterwards. */
export interface StepWork {
  ok: boolean;
  outputs?: Record<string, string>;
}

/** A folder below the workspace; also an absolute path inside it. Throws an `Error` for one outside. */
export function insideWorkspace(session: JobSession, path: string): string {
  const { workspace } = session.folders;
  const full = resolve(workspace, path);
  if (full !== workspace && !full.startsWith(workspace + sep)) throw new Error(`The path '${path}' is outside the workspace.`);
  return full;
}
