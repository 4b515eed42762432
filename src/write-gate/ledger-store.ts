import type { RepoName } from '../domain/ids.ts';
import type { LedgerStore } from '../ports/ledger-store.ts';
import { commitToLedger } from './ledger-commit.ts';
import type { MutationAccess } from './mutate.ts';

/** The GitHub ledger store: the reading half as it is given, and commits through the gate. */
export function createGitHubLedgerStore(reader: Pick<LedgerStore, 'readWorkflow' | 'readEvidence'>, access: MutationAccess, repo: RepoName): LedgerStore {
  return {
    readWorkflow: (workflow) => reader.readWorkflow(workflow),
    readEvidence: (workflow, hashes) => reader.readEvidence(workflow, hashes),
    commit: (commit) => commitToLedger(access, repo, commit),
  };
}
