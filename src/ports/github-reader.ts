import type { Oid, RepoName } from '../domain/ids.ts';

/** An issue as it stands now. */
export interface IssueText {
  readonly repo: RepoName;
  readonly number: number;
  readonly url: string;
  readonly title: string;
  readonly body: string;
  readonly author: string;
  readonly state: 'open' | 'closed';
}

export interface RepoHead {
  readonly repo: RepoName;
  readonly branch: string;
  readonly commit: Oid;
  readonly tree: Oid;
}

/** Reads target repositories and issues with the read token. Never writes. */
export interface TargetReader {
  readIssue(repo: RepoName, number: number): Promise<IssueText>;
  /**
   * The issue and the heads of these branches (null: the default branch), of one moment: one request. Rejects with an
   * `input` error when one of them does not exist.
   */
  readIntake(issue: { readonly repo: RepoName; readonly number: number }, heads: readonly { readonly repo: RepoName; readonly branch: string | null }[]): Promise<{ readonly issue: IssueText; readonly heads: readonly RepoHead[] }>;
  /** Several pull requests with all checks of their heads, in the order asked: one request. */
  readPullRequests(list: readonly { readonly repo: RepoName; readonly number: number; readonly base: string }[]): Promise<readonly PullRequestView[]>;
  /** Required contexts of the branch: rulesets and classic protection, both. `rules`: what rulesets require, if a pull request's view told. */
  readRequiredChecks(repo: RepoName, branch: string, rules: readonly RequiredCheck[] | null): Promise<readonly RequiredCheck[]>;
}

export interface PullRequestView {
  readonly number: number;
  readonly state: 'open' | 'closed' | 'merged';
  readonly head: Oid;
  /** Tree of the head commit. */
  readonly tree: Oid;
  /** Check runs and commit statuses at exactly the head commit, both. */
  readonly checks: readonly CheckView[];
  /** What rulesets require of the base branch; null when that did not come along for sure. */
  readonly rules: readonly RequiredCheck[] | null;
}

export interface RequiredCheck {
  readonly context: string;
  /** The App that must report it; null when anyone may. */
  readonly integrationId: number | null;
}

export interface CheckView {
  readonly context: string;
  readonly integrationId: number | null;
  /** `pending` until it is completed; `action_required` needs a human. */
  readonly state: 'pending' | 'passed' | 'failed' | 'action_required';
  readonly url: string | null;
}

export interface EnvironmentView {
  readonly exists: boolean;
  /** Logins of required reviewers that are users; teams count by `reviewers`. */
  readonly reviewers: number;
}

/** One entry of a run's review history. GitHub gives no time and no attempt number. */
export interface ReviewView {
  readonly state: 'approved' | 'rejected' | 'pending';
  readonly comment: string;
  readonly login: string;
  readonly userId: number;
  readonly userType: string;
  readonly environments: readonly string[];
}

/** Reads the control repo with the job's own token. Never writes. */
export interface ControlReader {
  /** `countersign.yml` of the default branch as it stands now, or null. */
  readConfig(): Promise<string | null>;
  readEnvironment(name: string): Promise<EnvironmentView>;
  readReviews(runId: number): Promise<readonly ReviewView[]>;
  readIssue(number: number): Promise<IssueText>;
  /** The open issues whose text names a workflow, newest first, at most 100. */
  readOpenIssues(): Promise<readonly { readonly number: number; readonly body: string }[]>;
}
