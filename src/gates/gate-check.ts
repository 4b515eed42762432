import type { GateCheck, GateFailure, GateNumber, GateResult } from '../domain/gate.ts';
import { showText } from '../policy/show.ts';

/** A check with the cause that the state machine tells apart when it fails. */
export interface Check extends GateCheck {
  readonly failure: GateFailure | null;
}

const FAULTS_PER_CHECK_MAX = 50;
const REASON_LENGTH_MAX = 900;
// What must be acted on first: content that is not what was approved, then a policy that does not hold, then CI.
const GRAVEST_FIRST: readonly GateFailure[] = ['tree', 'policy', 'ci', 'unverified', 'invalid'];

const checkOf = (name: string, outcome: GateCheck['outcome'], reason: string, failure: GateFailure | null = null): Check => ({
  name: showText(name),
  outcome,
  // A reason may quote what a model or a stranger wrote.
  reason: showText(reason, REASON_LENGTH_MAX),
  failure,
});

export const passed = (name: string, reason: string): Check => checkOf(name, 'PASS', reason);
export const waiting = (name: string, reason: string): Check => checkOf(name, 'WAITING', reason);
export const failed = (name: string, reason: string, failure: GateFailure = 'invalid'): Check => checkOf(name, 'FAIL', reason, failure);

/** One PASS with `reason`, or one FAIL for each fault: everything that is wrong, not only the first. */
export function faultless(name: string, faults: readonly string[], about: { reason: string; failure?: GateFailure }): Check[] {
  if (faults.length === 0) return [passed(name, about.reason)];
  const listed = faults.slice(0, FAULTS_PER_CHECK_MAX).map((fault) => failed(name, fault, about.failure));
  const rest = faults.length - listed.length;
  return rest > 0 ? [...listed, failed(name, `And ${rest} more of the same kind.`, about.failure)] : listed;
}

/** The gate's answer: FAIL if any check fails, else WAITING if any waits, else PASS. A gate that checked nothing fails. */
export function concludeGate(gate: GateNumber, subject: GateResult['subject'], checks: readonly Check[]): GateResult {
  const all = checks.length > 0 ? checks : [failed('evidence', `Gate ${gate} had nothing to check.`)];
  const failures = new Set(all.filter(({ outcome }) => outcome === 'FAIL').map(({ failure }) => failure ?? 'invalid'));
  const isWaiting = all.some(({ outcome }) => outcome === 'WAITING');
  return {
    format: 'countersign/gate-result@1',
    gate,
    subject,
    outcome: failures.size > 0 ? 'FAIL' : isWaiting ? 'WAITING' : 'PASS',
    failure: GRAVEST_FIRST.find((failure) => failures.has(failure)) ?? null,
    checks: all.map(({ name, outcome, reason }) => ({ name, outcome, reason })),
  };
}
