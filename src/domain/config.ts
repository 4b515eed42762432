import type { RepoName } from './ids.ts';
import type { Severity } from './policy.ts';

/** A path that a rule would refuse and that the owner allows, with a reason and a last day. */
export interface PolicyAllowance {
  /** A glob over the whole path (picomatch, dot files included). */
  readonly path: string;
  /** Only for this repository; null for all. */
  readonly repo: RepoName | null;
  readonly reason: string;
  /** The last day it holds, `YYYY-MM-DD`. */
  readonly expires: string;
  /** Only for dependencies of this name: a glob such as `npm:@octokit/*`. Left out: for whatever the rule says of the path. */
  readonly package?: string;
}

/** What every rule can be told; a rule's own parameters come on top. */
export interface RuleConfig {
  readonly severity: Severity | 'off';
  readonly allow: readonly PolicyAllowance[];
  readonly [parameter: string]: unknown;
}

/** The effective policy: every rule with its parameters, defaults filled in. `off` switches every rule off. */
export type PolicyConfig = { readonly kind: 'off' } | { readonly kind: 'rules'; readonly rules: Readonly<Record<string, RuleConfig>> };

export interface TargetConfig {
  readonly repo: RepoName;
  /** Null: the repository's default branch. */
  readonly base: string | null;
  /** Checks that must pass when GitHub requires none. */
  readonly checks: readonly string[];
  /** `none`: DONE without any check, and every page says "not verified by CI". */
  readonly verification: 'required' | 'none';
  /** Rule settings that differ for this repository, merged over the policy. */
  readonly policy: Readonly<Record<string, unknown>>;
}

/** `countersign.yml`, parsed, with defaults filled in. */
export interface CountersignConfig {
  readonly approvers: readonly string[];
  readonly targets: readonly TargetConfig[];
  /** `recipe`, or `PROVIDER/MODEL`. */
  readonly model: { readonly name: string; readonly url: string | null; readonly maxOutputTokens: number; readonly timeoutSeconds: number };
  readonly limits: {
    readonly regenerations: number;
    readonly ciRegenerations: number;
    readonly revisions: number;
    readonly approvalHours: number;
    readonly costUsd: number | null;
  };
  readonly ci: { readonly timeoutSeconds: number; readonly pollSeconds: number };
  readonly context: { readonly budgetBytes: number };
  /** `full`: the ledger keeps every rendered prompt too, and with it the code that a model was shown. */
  readonly evidence: 'hashes' | 'full';
  readonly policy: PolicyConfig;
}
