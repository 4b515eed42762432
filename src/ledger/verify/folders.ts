import { isWorkflowId, workflowDirectory, type WorkflowId } from '../../domain/ids.ts';

const SHAPES: readonly RegExp[] = [/^workflows$/, /^\d{4}$/, /^\d{2}$/, /^\d{2}$/];
const WORKFLOW_DEPTH = 5;

/** True when a ledger of this format may have a folder of these names. */
export function isLedgerFolder(names: readonly string[]): boolean {
  if (names.length > WORKFLOW_DEPTH) return names.length === WORKFLOW_DEPTH + 1 && names[WORKFLOW_DEPTH] === 'evidence';
  if (names.length === WORKFLOW_DEPTH) return workflowOfFolder(names) !== null;
  return SHAPES[names.length - 1]?.test(names.at(-1) ?? '') === true;
}

/** The workflow whose records a folder holds; null for every other folder. */
export function workflowOfFolder(names: readonly string[]): WorkflowId | null {
  const id = names[WORKFLOW_DEPTH - 1] ?? '';
  return names.length === WORKFLOW_DEPTH && isWorkflowId(id) && workflowDirectory(id) === names.join('/') ? id : null;
}
