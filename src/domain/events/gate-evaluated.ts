import type { EventOf } from '../event.ts';
import { isFullyApproved, type GateRecord, type PatchSetState, type Workflow } from '../workflow.ts';
import { currentPatchSet, next, refused, withPatchSet, type Outcome } from '../outcome.ts';

const record = ({ body }: EventOf<'E_GATE_EVALUATED'>): GateRecord => ({ outcome: body.outcome, failure: body.failure, result: body.result });

/** Gates 0–2, while the design is made. A gate is only asked when the one before it has passed. */
export function onDesignGate(workflow: Workflow, event: EventOf<'E_GATE_EVALUATED'>): Outcome {
  const { gate, subject } = event.body;
  if (gate > 2) return refused('not-in-this-state', `Gate ${gate} is not asked before a PatchSet is proposed.`);
  if (subject) return refused('mismatch', `Gate ${gate} is about the workflow, not about ${subject.patchSet}.`);
  const before = gate === 0 ? null : workflow.gates[gate === 1 ? 0 : 1];
  if (gate > 0 && before?.outcome !== 'PASS') return refused('gate-not-passed', `Gate ${gate - 1} comes before Gate ${gate}.`);
  if (!workflow.decision) return refused('out-of-order', `Gate ${gate} needs a decision first.`);
  const missing = missingDocument(workflow, gate as 0 | 1 | 2);
  if (missing) return refused('out-of-order', `Gate ${gate} needs the ${missing} document first.`);
  const gates = { ...withoutGatesFrom(workflow, gate as 0 | 1 | 2), [gate]: record(event) };
  const complete = gate === 2 && event.body.outcome === 'PASS';
  return complete ? next({ ...workflow, gates }, { kind: 'propose', patchSets: [] }) : next({ ...workflow, gates });
}

/** The gates with the verdicts of design gate `first` and of those after it taken back: what they judged has changed. */
export function withoutGatesFrom({ gates }: Workflow, first: 0 | 1 | 2): Workflow['gates'] {
  return { ...gates, 0: first > 0 ? gates[0] : null, 1: first > 1 ? gates[1] : null, 2: null };
}

function missingDocument(workflow: Workflow, gate: 0 | 1 | 2): string | null {
  const needed = { 0: ['decision'], 1: ['architecture', 'scope'], 2: ['plan', 'gates'] } as const;
  return needed[gate].find((kind) => workflow.artifacts[kind] === undefined) ?? null;
}

/** Gate 3, per PatchSet. When it has passed for every repository, the workflow waits for people. */
export function onPatchGate(workflow: Workflow, event: EventOf<'E_GATE_EVALUATED'>): Outcome {
  const { gate, subject, outcome } = event.body;
  if (gate !== 3 || !subject) return refused('not-in-this-state', `Gate ${gate} is not asked while PatchSets are proposed.`);
  const found = currentPatchSet(workflow, subject);
  if (found.kind === 'refused') return found;
  if (found.patchSet.applied) return refused('out-of-order', `${subject.patchSet} r${subject.revision} was written already: only a new revision is judged.`);
  if (!found.patchSet.policy) return refused('out-of-order', `The policy judges ${subject.patchSet} before Gate 3.`);
  if (outcome === 'PASS' && found.patchSet.policy.block > 0) return refused('gate-not-passed', `${subject.patchSet} has a BLOCK violation: Gate 3 cannot pass.`);
  const judged = withPatchSet(workflow, { ...found.patchSet, gate3: record(event) });
  if (!isReadyForApproval(judged)) return next(judged);
  return next({ ...judged, status: 'WAITING_USER_APPROVAL' }, { kind: 'request-approval', patchSets: unrequested(judged) });
}

const isReadyForApproval = (workflow: Workflow): boolean =>
  workflow.patchSets.length === workflow.repos.length && workflow.patchSets.every((patchSet) => patchSet.gate3?.outcome === 'PASS' && !patchSet.changesRequested);

// A review that is under way goes on: it is not asked for twice.
const unrequested = (workflow: Workflow): readonly string[] => unapproved(workflow).filter(({ request }) => !request).map(({ id }) => id);

/** The PatchSets whose current revision nobody has approved yet. */
export const unapproved = (workflow: Workflow): readonly PatchSetState[] => workflow.patchSets.filter((patchSet) => !patchSet.approval);

/** Gate 4, about the whole set, after the approval that may complete it. */
export function onApprovalGate(workflow: Workflow, event: EventOf<'E_GATE_EVALUATED'>): Outcome {
  const { gate, subject, outcome } = event.body;
  if (gate !== 4 || subject) return refused('not-in-this-state', `Gate ${gate} is not asked while the workflow is ${workflow.status}.`);
  if (outcome === 'PASS' && !isFullyApproved(workflow)) return refused('not-approved', 'Gate 4 cannot pass: not every PatchSet is approved.');
  return next({ ...workflow, gates: { ...workflow.gates, 4: record(event) } });
}

/** Gate 5, per PatchSet. The last PASS ends the workflow; a failure goes where its cause says. */
export function onVerificationGate(workflow: Workflow, event: EventOf<'E_GATE_EVALUATED'>): Outcome {
  const { gate, subject, outcome, failure, reasons } = event.body;
  if (gate !== 5 || !subject) return refused('not-in-this-state', `Gate ${gate} is not asked while CI is verified.`);
  const found = currentPatchSet(workflow, subject);
  if (found.kind === 'refused') return found;
  if (!found.patchSet.ci) return refused('out-of-order', `Gate 5 needs an observation of ${subject.patchSet} first.`);
  const judged = withPatchSet(workflow, { ...found.patchSet, gate5: record(event) });
  if (outcome === 'PASS') {
    const done = judged.patchSets.every((patchSet) => patchSet.gate5?.outcome === 'PASS');
    return done ? next({ ...judged, status: 'DONE' }, { kind: 'finish' }) : next(judged);
  }
  if (outcome === 'WAITING') return next(judged, { kind: 'observe', patchSets: [subject.patchSet] });
  if (failure === 'policy') return next({ ...judged, status: 'BLOCKED_POLICY' }, { kind: 'finish' });
  if (failure === 'ci' && mayRegenerateForCi(judged, subject.revision)) return regenerate(judged, subject.patchSet, reasons);
  const reason = reasons[0] ?? 'The verification did not pass.';
  return next({ ...judged, status: 'NEEDS_HUMAN', pause: { code: `gate-5-${failure ?? 'invalid'}`, reason, questions: [], resumes: 'VERIFYING_CI' } }, { kind: 'ask-human' });
}

const mayRegenerateForCi = ({ ciRegenerationsUsed, limits }: Workflow, revision: number): boolean => ciRegenerationsUsed < limits.ciRegenerationsMax && revision < limits.revisionsMax;

function regenerate(workflow: Workflow, id: string, reasons: readonly string[]): Outcome {
  const patchSets = workflow.patchSets.map((patchSet) =>
    patchSet.id === id ? { ...patchSet, approval: null, changesRequested: { login: 'ci', comment: reasons.join('\n') } } : patchSet,
  );
  const used = workflow.ciRegenerationsUsed + 1;
  return next({ ...workflow, status: 'PATCHES_PROPOSED', patchSets, ciRegenerationsUsed: used }, { kind: 'propose', patchSets: [id] });
}
