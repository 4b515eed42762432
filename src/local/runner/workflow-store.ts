// The workflow files of a commit, read and parsed once.
import type { ServerServices } from '../contract.ts';
import { readWorkflowFiles } from './bare-git.ts';
import type { WorkflowModel } from './workflow-model.ts';
import { readWorkflow } from './workflow-model.ts';

export interface WorkflowStore {
  /** All workflow files of a commit. */
  all(repo: string, sha: string): Promise<WorkflowModel[]>;
  find(repo: string, sha: string, file: string): Promise<WorkflowModel | null>;
}

const COMMITS_MAX = 64;

export function createWorkflowStore(services: ServerServices): WorkflowStore {
  const commits = new Map<string, Promise<WorkflowModel[]>>();

  function all(repo: string, sha: string): Promise<WorkflowModel[]> {
    const key = `${repo}@${sha}`;
    const known = commits.get(key);
    if (known !== undefined) return known;
    const reading = readWorkflowFiles(services.gitDir(repo), sha).then((files) => Promise.all([...files].map(([file, text]) => readWorkflow(text, file))));
    commits.set(key, reading);
    // A failed read must not be remembered.
    reading.catch(() => commits.delete(key));
    for (const oldest of commits.keys()) if (commits.size > COMMITS_MAX) commits.delete(oldest);
    return reading;
  }

  return { all, find: async (repo, sha, file) => (await all(repo, sha)).find((model) => model.file === file) ?? null };
}
