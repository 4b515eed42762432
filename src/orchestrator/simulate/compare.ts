import type { PolicyResult, PolicyViolation } from '../../domain/policy.ts';

/** What becomes of a PatchSet under another policy. `flip` when the verdict changes between blocked and not blocked. */
export interface Comparison {
  readonly was: PolicyResult['verdict'];
  readonly would: PolicyResult['verdict'];
  readonly flips: boolean;
  /** Violations that there would be and were not, and those that were and would not be. */
  readonly appear: readonly ShownViolation[];
  readonly disappear: readonly ShownViolation[];
}

export type ShownViolation = Pick<PolicyViolation, 'rule' | 'severity' | 'path' | 'line' | 'message' | 'help'>;

/** Compares two results of the same change. Violations are the same when rule, severity, path and sentence are. */
export function compareResults(was: PolicyResult, would: PolicyResult): Comparison {
  const [before, after] = [violationsOf(was), violationsOf(would)];
  const [known, kept] = [new Set(before.map(keyOf)), new Set(after.map(keyOf))];
  return {
    was: was.verdict,
    would: would.verdict,
    flips: (was.verdict === 'block') !== (would.verdict === 'block'),
    appear: after.filter((violation) => !known.has(keyOf(violation))).map(shown),
    disappear: before.filter((violation) => !kept.has(keyOf(violation))).map(shown),
  };
}

const violationsOf = (result: PolicyResult): readonly PolicyViolation[] => result.rules.flatMap(({ violations }) => violations);
const keyOf = ({ rule, severity, path, message }: PolicyViolation): string => JSON.stringify([rule, severity, path, message]);
const shown = ({ rule, severity, path, line, message, help }: PolicyViolation): ShownViolation => ({ rule, severity, path, line, message, help });
