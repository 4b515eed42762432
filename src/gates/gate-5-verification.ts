import type { GateResult } from '../domain/gate.ts';
import type { Oid } from '../domain/ids.ts';
import { concludeGate, failed, passed, waiting, type Check } from './gate-check.ts';

/** A context that the branch requires. `integrationId`: the App that must report it; null when anyone may. */
interface RequiredCheckEvidence {
  readonly context: string;
  readonly integrationId: number | null;
}

/** A check run or commit status at exactly the head commit. */
export interface ObservedCheckEvidence extends RequiredCheckEvidence {
  readonly state: 'pending' | 'passed' | 'failed' | 'action_required';
  readonly url: string | null;
}

export interface Gate5Evidence {
  readonly subject: NonNullable<GateResult['subject']>;
  readonly approvedTree: Oid;
  /** Tree of the pull request's head commit. */
  readonly headTree: Oid;
  /** From rulesets and branch protection, both. */
  readonly requiredChecks: readonly RequiredCheckEvidence[];
  /** At exactly the head commit. */
  readonly observedChecks: readonly ObservedCheckEvidence[];
  /** Contexts that `countersign.yml` names for this repository. */
  readonly configuredChecks: readonly string[];
  readonly verification: 'required' | 'none';
  /** False when the policy changed, or no longer lets the PatchSet pass. */
  readonly isPolicyCurrent: boolean;
}

/** Gate 5, Verification: what lies on GitHub is what was approved, and every check that must pass has passed on it. */
export function evaluateGate5(evidence: Gate5Evidence): GateResult {
  return concludeGate(5, evidence.subject, [checkTree(evidence), checkPolicy(evidence), ...checkCi(evidence)]);
}

function checkTree({ approvedTree, headTree }: Gate5Evidence): Check {
  if (approvedTree === headTree) return passed('approved content', `The pull request's head has the approved tree ${approvedTree}.`);
  return failed('approved content', `Expected the pull request's head to have the approved tree ${approvedTree}, got ${headTree}: somebody changed the branch.`, 'tree');
}

function checkPolicy({ isPolicyCurrent }: Gate5Evidence): Check {
  if (isPolicyCurrent) return passed('policy', 'The policy under which the change was approved still holds.');
  return failed('policy', 'The policy under which the change was approved no longer holds.', 'policy');
}

/** GitHub's own requirements come first; only where there are none do those of the config count. */
function checkCi({ requiredChecks, configuredChecks, observedChecks, verification }: Gate5Evidence): Check[] {
  const required = requiredChecks.length > 0 ? requiredChecks : configuredChecks.map((context) => ({ context, integrationId: null }));
  if (required.length > 0) return required.map((check) => judgeRequired(check, observedChecks));
  if (verification === 'none') return [passed('checks', 'Not verified by CI: no check is required, and countersign.yml says verification: none for this repository.')];
  return [failed('checks', 'No check is required on this branch, so nothing verified the change: require checks on GitHub, name them under checks in countersign.yml, or say verification: none there.', 'unverified')];
}

function judgeRequired({ context, integrationId }: RequiredCheckEvidence, observed: readonly ObservedCheckEvidence[]): Check {
  const name = `check ${context}`;
  const reports = observed.filter((check) => check.context === context && (integrationId === null || check.integrationId === integrationId));
  const where = (state: ObservedCheckEvidence['state']): string => reports.find((check) => check.state === state)?.url ?? 'GitHub gives no link';
  if (reports.length === 0) return waiting(name, `${context} is required and has not been reported for this commit${integrationId === null ? '' : ` by App ${integrationId}`}.`);
  // A name can be reported more than once (a status and a check run): each of them must have passed.
  if (reports.some(({ state }) => state === 'failed')) return failed(name, `${context} failed (${where('failed')}).`, 'ci');
  if (reports.some(({ state }) => state === 'action_required')) return failed(name, `${context} waits for a person to act on GitHub (${where('action_required')}); it does not go on by itself.`, 'ci');
  if (reports.some(({ state }) => state === 'pending')) return waiting(name, `${context} has not completed.`);
  return passed(name, `${context} passed on exactly this commit.`);
}
