import type { PatchSetId, Sha256 } from './ids.ts';

export type GateNumber = 0 | 1 | 2 | 3 | 4 | 5;
export type GateOutcome = 'PASS' | 'FAIL' | 'WAITING';

/** One check of a gate, with what it saw. */
export interface GateCheck {
  readonly name: string;
  readonly outcome: GateOutcome;
  readonly reason: string;
}

/**
 * Why a gate did not pass, where the state machine must tell the cases apart.
 * `policy`: a BLOCK violation, or the policy no longer holds. `tree`: what is there is not what was approved.
 * `ci`: a required check failed. `unverified`: nothing is required, so nothing was verified. `invalid`: everything else.
 */
export type GateFailure = 'policy' | 'tree' | 'ci' | 'unverified' | 'invalid';

/** The answer of one gate about a workflow (0–2, 4) or one PatchSet (3, 5). */
export interface GateResult {
  readonly format: 'countersign/gate-result@1';
  readonly gate: GateNumber;
  readonly subject: { readonly patchSet: PatchSetId; readonly revision: number; readonly digest: Sha256 } | null;
  readonly outcome: GateOutcome;
  readonly failure: GateFailure | null;
  readonly checks: readonly GateCheck[];
}

export const GATE_NAMES: Record<GateNumber, string> = {
  0: 'Intake',
  1: 'Architecture',
  2: 'Plan',
  3: 'Patch',
  4: 'Approval',
  5: 'Verification',
};
