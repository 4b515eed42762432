import type { WorkflowId } from '../domain/ids.ts';
import type { PatchSetState } from '../domain/workflow.ts';

/** The branch that a PatchSet's approval creates. A later revision never moves an earlier one's branch. */
export const branchOf = (workflow: WorkflowId, { id, revision }: Pick<PatchSetState, 'id' | 'revision'>): string =>
  `countersign/${workflow}/${id}${revision === 1 ? '' : `-r${revision}`}`;
