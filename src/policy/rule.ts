import type { RuleConfig } from '../domain/config.ts';
import type { Severity } from '../domain/policy.ts';
import type { RuleDefaults, RuleId } from '../domain/policy-rules.ts';
import type { BaseFiles, PolicyInput } from './input.ts';

/** What a rule saw. The engine adds the rule's name and severity, and looks for an allowance. */
export interface Finding {
  /** The path as it is in the tree; empty when the change as a whole is meant. */
  readonly path: string;
  readonly line?: number;
  /** What was seen: one sentence, shown safely (`showPath`). */
  readonly message: string;
  /** Why it matters: one sentence. */
  readonly why: string;
  /** The way out, where it is not "allow this path". */
  readonly help?: string;
  /** False when no allowance may lift it. */
  readonly allowable?: boolean;
  /** How much this kind of finding weighs, where the rule tells kinds apart. Never more than the rule's own severity. */
  readonly severity?: Severity;
  /** `ECOSYSTEM:NAME` of the package that it is about; an allowance may name it. */
  readonly package?: string;
}

/** One rule of the policy. Pure: the same input gives the same findings in the same order. */
export interface Rule {
  readonly id: RuleId;
  readonly defaultSeverity: Severity;
  readonly parameters: RuleDefaults['parameters'];
  /**
   * Paths of the base tree whose content the rule needs, beyond the files that change. Asked again with what was read,
   * until it wants nothing more: a workflow may name another file.
   */
  wants?(basePaths: readonly string[], known: BaseFiles): readonly string[];
  evaluate(input: PolicyInput, settings: RuleConfig): readonly Finding[];
}
