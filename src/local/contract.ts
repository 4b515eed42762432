// The seam between the two halves of the local GitHub: the API server (server/) and the workflow runner (runner/).
// Everything in `LocalState` is plain JSON and is persisted at DIR/state.json, so that `up --dir DIR` goes on where it was.

export type AccessLevel = 'read' | 'write' | 'none';
/** GitHub's permission names with the level a token has, e.g. `{contents: 'write', issues: 'read'}`. */
export type Permissions = Readonly<Record<string, AccessLevel>>;

export interface LocalUser {
  id: number;
  login: string;
  type: 'User' | 'Bot';
}

export interface LocalEnvironment {
  id: number;
  name: string;
  /** Logins that may review. Empty: no protection, and the job runs at once. */
  reviewers: string[];
  preventSelfReview: boolean;
  canAdminsBypass: boolean;
  secrets: Record<string, string>;
  variables: Record<string, string>;
}

export interface LocalRepo {
  id: number;
  /** OWNER/NAME; its bare repository is DIR/git/OWNER/NAME.git. */
  name: string;
  private: boolean;
  defaultBranch: string;
  /** Required status checks of a ruleset on the default branch. */
  requiredChecks: { context: string; integrationId: number | null }[];
  /** Required contexts of classic branch protection on the default branch. */
  protectedContexts: string[];
  environments: LocalEnvironment[];
  secrets: Record<string, string>;
  variables: Record<string, string>;
  /** Apps installed on this repository, by slug. */
  installedApps: string[];
  /** A command that stands for the repository's own CI when it has no workflow for pull requests (`up --ci`). Null: none. */
  ciCommand: string | null;
  /** False: GitHub Actions is switched off here, so none of the repository's workflows run (a copied-in repository whose owner did not consent). Absent: on. */
  actionsEnabled?: boolean;
}

export interface LocalApp {
  id: number;
  slug: string;
  /** PEM; the private half is in the environment's secret. */
  publicKey: string;
  permissions: Permissions;
}

export interface LocalIssue {
  repo: string;
  number: number;
  title: string;
  body: string;
  state: 'open' | 'closed';
  user: string;
  labels: string[];
  createdAt: string;
  updatedAt: string;
  comments: { id: number; user: string; body: string; createdAt: string }[];
  /** Set when this number is a pull request. */
  pull: {
    headRef: string;
    baseRef: string;
    baseSha: string;
    /** The head as of the last push to its branch; the server keeps it. */
    headSha?: string;
    draft: boolean;
    merged: boolean;
  } | null;
}

export type Conclusion = 'success' | 'failure' | 'cancelled' | 'skipped' | 'timed_out' | 'action_required';

/** What a step said with `::error::`, `::warning::` or `::notice::`, or the runner about the job. */
export interface LocalAnnotation {
  level: 'error' | 'warning' | 'notice';
  message: string;
  file: string | null;
  line: number | null;
}

export interface LocalStep {
  number: number;
  name: string;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: Conclusion | null;
}

export interface LocalJob {
  id: number;
  runId: number;
  /** The job's key in the workflow file. */
  key: string;
  name: string;
  status: 'queued' | 'waiting' | 'in_progress' | 'completed';
  conclusion: Conclusion | null;
  environment: string | null;
  permissions: Permissions;
  outputs: Record<string, string>;
  steps: LocalStep[];
  /** Markdown of the job's step summaries, in order. */
  summary: string;
  /** File with the job's log, below DIR/logs. */
  log: string;
  startedAt: string | null;
  completedAt: string | null;
  annotations?: LocalAnnotation[];
  /** True once a review has let this job into its environment in the run's present attempt. */
  reviewed?: boolean;
}

export interface LocalRun {
  id: number;
  repo: string;
  workflowFile: string;
  workflowName: string;
  /** The evaluated `run-name`. */
  displayTitle: string;
  event: string;
  payload: unknown;
  inputs: Record<string, string>;
  actor: string;
  headBranch: string;
  headSha: string;
  attempt: number;
  status: 'queued' | 'waiting' | 'in_progress' | 'completed';
  conclusion: Conclusion | null;
  concurrencyGroup: string | null;
  jobs: LocalJob[];
  reviews: LocalReview[];
  /** Why the run failed before it had jobs, e.g. what the parser says about the workflow file. */
  problem?: string | null;
  /** True once other workflows have been told that this run is completed. */
  announced?: boolean;
  createdAt: string;
  updatedAt: string;
}

export interface LocalReview {
  state: 'approved' | 'rejected';
  comment: string;
  user: string;
  environment: string;
  at: string;
}

export interface LocalCheck {
  repo: string;
  sha: string;
  id: number;
  name: string;
  appId: number;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: Conclusion | 'neutral' | null;
  url: string;
  startedAt: string;
  completedAt: string | null;
}

export interface LocalState {
  version: 1;
  nextId: number;
  users: LocalUser[];
  repos: LocalRepo[];
  apps: LocalApp[];
  issues: LocalIssue[];
  runs: LocalRun[];
  checks: LocalCheck[];
  statuses: { repo: string; sha: string; context: string; state: 'pending' | 'success' | 'failure' | 'error'; url: string | null; at: string }[];
  /** Long-lived tokens (a person's fine-grained tokens), by value. Job and installation tokens live in memory only. */
  tokens: { value: string; id: string; login: string; repos: string[]; permissions: Permissions }[];
  /** Events that the runner has not taken yet, in order: what an interrupted process leaves here the next one takes. */
  events?: RepoEvent[] | undefined;
}

/** What a token is and may do. `id` goes into DIR/requests.jsonl, the value never does. */
export interface TokenInfo {
  id: string;
  kind: 'job' | 'installation' | 'personal' | 'app-jwt' | 'runtime' | 'session';
  login: string;
  /** Repositories it reaches; `null` means all public ones for reading. */
  repos: string[];
  permissions: Permissions;
  /** `WORKFLOW_FILE/JOB_KEY#RUN_ID` for a job's tokens and for tokens minted by that job. */
  job: string | null;
}

export interface RepoEvent {
  repo: string;
  /** `push`, `pull_request`, `issues`, `issue_comment`, `workflow_run`, `repository_dispatch`, … */
  name: string;
  /** The activity type, e.g. `opened`, `completed`; for repository_dispatch the event type. */
  action: string | null;
  payload: unknown;
  /** Branch and commit the run is for; null: the head of the default branch. */
  ref: string | null;
  sha: string | null;
  actor: string;
  /** True when a `GITHUB_TOKEN` caused it: then it starts no run, unless it is a dispatch (3-platform). */
  byJobToken: boolean;
}

/** Implemented by runner/, called by server/. */
export interface RunService {
  /** Creates the run and returns it at once; the jobs go on in the background. Rejects with a sentence if the workflow or an input is unknown. */
  dispatch(request: { repo: string; workflowFile: string; ref: string; inputs: Record<string, string>; actor: string }): Promise<LocalRun>;
  /** `closing`: the event was not taken, and is to be offered again after the next start. */
  trigger(event: RepoEvent): Promise<void | 'closing'>;
  /** One review covers the jobs of the run that wait for the environment at this moment. */
  review(request: { runId: number; environment: string; state: 'approved' | 'rejected'; comment: string; user: string }): Promise<void>;
  rerun(runId: number): Promise<void>;
}

/** Implemented by server/, called by runner/. */
export interface ServerServices {
  state: LocalState;
  /** Persists the state (coalesced, atomic) and tells pollers that something changed. */
  changed(): void;
  nextId(): number;
  /** A `GITHUB_TOKEN` with exactly these permissions on exactly this repository, valid until revoked. */
  issueJobToken(job: { repo: string; runId: number; jobId: number; workflowFile: string; jobKey: string; permissions: Permissions }): { token: string; runtimeToken: string };
  revokeJobTokens(jobId: number): void;
  /** Masks every secret and token value it knows. For logs. */
  mask(text: string): string;
  url: { server: string; api: string; graphql: string; results: string };
  dir: string;
  gitDir(repo: string): string;
  now(): string;
}
