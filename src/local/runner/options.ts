// What a caller may set about the runner.
import type { LocalCheck, LocalJob, LocalRun } from '../contract.ts';

export interface RunnerOptions {
  /** Jobs at a time, and as many checks of pull requests and pushes beside them (see Pool). Default 2. */
  parallelJobs?: number;
  /** Runs that nobody waits for, such as publishing a site: apart from the other jobs, at low priority. Default: none. */
  isBackground?: (run: LocalRun) => boolean;
  /** Keep workspaces below DIR/work. Default false. */
  keep?: boolean;
  /** Backing folder of `actions/cache`. Default DIR/cache. */
  cacheDir?: string;
  /** Cache entries that exist from the start: a cached path with this suffix becomes a link to the folder. */
  cacheSeeds?: readonly { pathSuffix: string; directory: string }[];
  /** Repositories in which a third-party action must be named by a full commit SHA. Default: none. */
  requirePinned?: (repo: string) => boolean;
  /** Variables of this process that the named jobs may see. Everything else stays out. */
  passEnvironment?: readonly { workflowFile: string; jobKey: string; names: readonly string[] }[];
  /** This process' environment, from which PATH, LANG and the names above are taken. */
  environment: Readonly<Record<string, string | undefined>>;
  /** Address of a repository's published site. Default: SERVER/pages/OWNER/NAME/. */
  pagesUrl?: (repo: string) => string;
  /** Upper limit for a `ciCommand`, in minutes. Default 30. */
  ciTimeoutMinutes?: number;
  /** Fault injection: true kills the job there, as if its machine were lost. */
  killStep?: (info: StepMoment) => boolean;
  /** Each line of a job's output, masked, as it comes. */
  onLine?: (info: { runId: number; jobId: number; line: string }) => void;
}

/** A moment of a job: before a step starts, or after it ended and before its results count. */
interface StepMoment {
  runId: number;
  jobId: number;
  workflowFile: string;
  jobKey: string;
  step: number;
  name: string;
  moment: 'before' | 'after';
}

/** What changed, for whoever follows along. */
export type RunnerChange = { kind: 'run'; run: LocalRun } | { kind: 'job'; run: LocalRun; job: LocalJob } | { kind: 'check'; check: LocalCheck };
