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

/** The roles that ask a model. */
export const MODEL_ROLES = ['triage', 'architect', 'planner', 'proposer', 'repairer'] as const;
export type ModelRole = (typeof MODEL_ROLES)[number];

/** Which model a role asks, and how. */
export interface ModelConfig {
  /** `recipe`, or `PROVIDER/MODEL`. */
  readonly name: string;
  /** Null: the provider's own address. */
  readonly url: string | null;
  readonly maxOutputTokens: number;
  readonly timeoutSeconds: number;
  /** Null: the model's own. */
  readonly temperature: number | null;
  /** US dollars for a million tokens; null: the built-in table's, if it knows the model. */
  readonly price: { readonly inputUsd: number; readonly outputUsd: number } | null;
}

/** What one role asks instead of the common model, and what all its calls in one workflow may come to. */
export interface RoleConfig extends Partial<ModelConfig> {
  /** US dollars; null: no cap of its own. */
  readonly costUsd?: number | null;
  /** In and out together; null: no cap of its own. */
  readonly tokens?: number | null;
}

/** `countersign.yml`, parsed, with defaults filled in. */
export interface CountersignConfig {
  readonly approvers: readonly string[];
  readonly targets: readonly TargetConfig[];
  readonly model: ModelConfig & { readonly roles: Readonly<Partial<Record<ModelRole, RoleConfig | undefined>>> };
  readonly limits: {
    readonly regenerations: number;
    readonly ciRegenerations: number;
    readonly revisions: number;
    readonly approvalHours: number;
    readonly costUsd: number | null;
    /** Tokens of all model calls together, in and out. */
    readonly tokens: number | null;
  };
  readonly ci: { readonly timeoutSeconds: number; readonly pollSeconds: number };
  readonly context: { readonly budgetBytes: number };
  /** `full`: the ledger keeps every rendered prompt too, and with it the code that a model was shown. */
  readonly evidence: 'hashes' | 'full';
  readonly policy: PolicyConfig;
}
