import { isWorkflowId, workflowDirectory, type WorkflowId } from '../../domain/ids.ts';

/** How many names lead to the folder of a workflow. */
export const WORKFLOW_DEPTH = 5;
const SHAPES: readonly RegExp[] = [/^workflows$/, /^\d{4}$/, /^\d{2}$/, /^\d{2}$/];

/** A folder by its last name, how many names lead to it, and all of them. */
export interface FolderName {
  readonly name: string;
  readonly depth: number;
  readonly path: string;
}

/** True when a ledger of this format may have such a folder in one that it may have. */
export function isLedgerFolder(folder: FolderName): boolean {
  if (folder.depth > WORKFLOW_DEPTH) return folder.depth === WORKFLOW_DEPTH + 1 && folder.name === 'evidence';
  return folder.depth === WORKFLOW_DEPTH ? isWorkflowFolder(folder) : SHAPES[folder.depth - 1]?.test(folder.name) === true;
}

/** The workflow whose records a folder holds; null for every other folder. */
export const workflowOfFolder = (folder: FolderName): WorkflowId | null => (folder.depth === WORKFLOW_DEPTH && isWorkflowFolder(folder) ? folder.name : null);

const isWorkflowFolder = ({ name, path }: FolderName): boolean => isWorkflowId(name) && workflowDirectory(name) === path;
