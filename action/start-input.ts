import { inputError } from '../src/domain/errors.ts';
import { isWorkflowId, type WorkflowId } from '../src/domain/ids.ts';
import type { StartInput } from '../src/orchestrator/intake.ts';
import type { Wiring } from './adapters.ts';

/** What `start.yml` was started with: a workflow that goes on, or the URL of an issue. */
export function startInput({ inputs }: Wiring): StartInput {
  if (inputs.workflow !== '') return { workflow: checked(inputs.workflow), issue: '', repositories: '' };
  if (inputs.issue === '') throw inputError('no-issue', 'No issue was given. Start the workflow with the URL of an issue.');
  return { workflow: null, issue: inputs.issue, repositories: inputs.repositories };
}

export const requireWorkflowId = ({ inputs }: Wiring): WorkflowId => checked(inputs.workflow);

function checked(id: string): WorkflowId {
  if (!isWorkflowId(id)) throw inputError('bad-workflow-id', `"${id.slice(0, 60)}" is not a workflow id. It looks like wf-20261122-k3v9q2.`);
  return id;
}
