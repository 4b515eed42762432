import type { RepoName, Sha256 } from './ids.ts';

export type Severity = 'BLOCK' | 'WARN';

/** One reason why a change set needs attention. Explains itself: what was seen, why it matters, what to do. */
export interface PolicyViolation {
  readonly rule: string;
  readonly severity: Severity;
  readonly path: string;
  readonly line: number | null;
  /** What was seen. Never contains the secret itself, and never raw control characters. */
  readonly message: string;
  /** Why it matters. */
  readonly why: string;
  /** The way out. */
  readonly help: string;
}

/** What one rule looked at and found. */
export interface RuleResult {
  readonly rule: string;
  readonly severity: Severity | 'off';
  /** How many changes the rule looked at. */
  readonly examined: number;
  /** Paths that would have been violations but are allowed by name in the config, with the reason given there. */
  readonly allowed: readonly { readonly path: string; readonly reason: string; readonly expires: string }[];
  readonly violations: readonly PolicyViolation[];
}

export interface PolicyResult {
  readonly format: 'countersign/policy-result@1';
  readonly repo: RepoName;
  readonly policy: Sha256;
  readonly verdict: 'pass' | 'warn' | 'block';
  readonly block: number;
  readonly warn: number;
  readonly rules: readonly RuleResult[];
}
