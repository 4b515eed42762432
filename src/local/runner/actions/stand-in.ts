// What a built-in stand-in for a third-party action is given and gives back.
import type { Scope } from '../expressions.ts';
import type { JobSession } from '../job-session.ts';
import type { StepFrame, StepWork } from '../step-frame.ts';
import type { StepModel } from '../workflow-model.ts';

/** One use of an action by a step. */
export interface ActionUse {
  uses: string;
  with: Record<string, string>;
  stepEnv: Record<string, string>;
  /** The step's command files and action path. */
  variables: Record<string, string>;
  onLine: (line: string) => void;
  scope: Scope;
  /** Runs the steps of a composite action. */
  runNested: (models: readonly StepModel[], frame: StepFrame) => Promise<void>;
}

/**
 * Does what the named action does, as far as the local GitHub needs it. Throws an `Error` with a sentence for an input
 * that it does not have: a stand-in never ignores what would change the result.
 */
export type StandIn = (session: JobSession, use: ActionUse) => Promise<StepWork>;

/** An input by name, as GitHub reads it: case-insensitive and trimmed. */
export function input(use: ActionUse, name: string, fallback = ''): string {
  const found = Object.entries(use.with).find(([key]) => key.toLowerCase() === name);
  const value = found?.[1].trim() ?? '';
  return value === '' ? fallback : value;
}
