import type { Command } from '../domain/command.ts';
import type { WorkflowId } from '../domain/ids.ts';
import type { Workflow } from '../domain/workflow.ts';
import { refusedError } from '../domain/errors.ts';
import { appendEvents } from '../ledger/append.ts';
import { loadWorkflow, type LoadedWorkflow } from '../ledger/load.ts';
import { Draft } from './draft.ts';
import { policyHash } from './policy-hash.ts';
import type { Ports } from './ports.ts';

export interface Recorded {
  readonly workflow: Workflow | null;
  readonly commands: readonly Command[];
  /** The ledger commit, or null when there was nothing to record. */
  readonly commit: string | null;
}

/**
 * Read the tip, fold, decide, append. `decide` runs again after a lost race, on the new fold, and must therefore depend
 * on nothing but its arguments and what was read before.
 */
export async function record(ports: Pick<Ports, 'job' | 'ledger'>, id: WorkflowId, decide: (draft: Draft, loaded: LoadedWorkflow) => void): Promise<Recorded> {
  const { job, ledger } = ports;
  let commands: readonly Command[] = [];
  const result = await appendEvents({
    store: ledger,
    clock: job.clock,
    random: job.random,
    workflow: id,
    context: { run: job.run, policy: policyHash(job.config) },
    decide: (loaded) => {
      const draft = new Draft(job, id, { workflow: loaded.workflow, seq: loaded.events.length });
      decide(draft, loaded);
      commands = draft.commands;
      return draft.toDecision();
    },
  });
  if (result.kind === 'refused') throw refusedError(result.code, result.reason);
  if (result.kind === 'nothing') return { workflow: result.workflow, commands: [], commit: null };
  return { workflow: result.workflow, commands, commit: result.commit };
}

/** The fold of a workflow that must exist. */
export async function requireWorkflow(ports: Pick<Ports, 'ledger'>, id: WorkflowId): Promise<LoadedWorkflow & { workflow: Workflow }> {
  const loaded = await loadWorkflow(ports.ledger, id);
  if (!loaded.workflow) throw refusedError('unknown-workflow', `${id} is not in the ledger. Check the id; \`countersign status\` lists the workflows.`);
  return { ...loaded, workflow: loaded.workflow };
}
