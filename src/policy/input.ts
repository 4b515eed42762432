import type { Change } from '../domain/change-set.ts';
import type { PolicyConfig } from '../domain/config.ts';
import type { RepoName, Sha256 } from '../domain/ids.ts';

/** One change with what it is about. Bytes are null where there is no blob: the other side of an add or delete, and submodules. */
export interface JudgedChange {
  readonly change: Change;
  readonly oldBytes: Uint8Array | null;
  readonly newBytes: Uint8Array | null;
  /** Lines; null for binary content. */
  readonly added: number | null;
  readonly removed: number | null;
}

/** Files of the base tree that rules asked for (`wantedBaseFiles`), by path. Null: too large to be read, and what follows is as unknown. */
export type BaseFiles = ReadonlyMap<string, Uint8Array | null>;

/** Stands for a repository without a name, as `patch check` reads one: only what the config says for all repositories counts. */
export const UNNAMED_REPO: RepoName = 'local/repository';

/** Everything a policy decision depends on. There is no other input: no clock, no file, no network. */
export interface PolicyInput {
  readonly repo: RepoName;
  readonly changes: readonly JudgedChange[];
  /** Every path of the base tree. */
  readonly basePaths: readonly string[];
  /** Contents of base files that some rule needs to judge others: workflows, for the scripts that they call. */
  readonly baseFiles: BaseFiles;
  /** Globs of the paths that may change; null when no scope was given, and then the scope rule is silent. */
  readonly scope: readonly string[] | null;
  readonly config: PolicyConfig;
  /** Hash of the effective policy, for the record. */
  readonly policy: Sha256;
  /** `YYYY-MM-DD` (UTC): allowances whose last day is before it no longer hold. */
  readonly today: string;
}

/** True when the path exists in the result: an add or a change of what is there. */
export const isInResult = ({ change }: JudgedChange): boolean => change.op !== 'delete';
