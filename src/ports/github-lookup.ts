import type { Oid, RepoName } from '../domain/ids.ts';

/** A branch's head commit, with all that tells whether it is ours. */
export interface BranchHead {
  readonly commit: Oid;
  readonly tree: Oid;
  readonly parents: readonly Oid[];
  readonly message: string;
  /** GitHub's own word on the commit's signature. */
  readonly verified: boolean;
}

export interface FoundPullRequest {
  readonly number: number;
  readonly url: string;
  readonly head: Oid;
  readonly baseBranch: string;
  readonly state: 'open' | 'closed' | 'merged';
}

/** What the write gate has to look up before it writes again. Reads with the token that it was made with, never writes. */
export interface TargetLookup {
  /** Null when the branch does not exist. */
  findBranch(repo: RepoName, branch: string): Promise<BranchHead | null>;
  /** Pull requests from this branch of this repository, in any state, newest first. */
  findPullRequests(repo: RepoName, branch: string): Promise<readonly FoundPullRequest[]>;
  /** The App's installation on this repository; to be asked with the App's own JWT. Rejects when it is not installed. */
  findInstallation(repo: RepoName): Promise<number>;
}
