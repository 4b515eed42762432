import type { Documents, Evidence } from '../domain/documents.ts';
import type { GateResult } from '../domain/gate.ts';
import type { Limits } from '../domain/workflow.ts';
import { evaluateGate0 } from '../gates/gate-0-intake.ts';
import { evaluateGate1 } from '../gates/gate-1-architecture.ts';
import { evaluateGate2 } from '../gates/gate-2-plan.ts';
import type { Draft } from './draft.ts';
import { openQuestions } from './review-design.ts';

export interface DesignEvidence {
  readonly documents: Partial<Documents> & Pick<Documents, 'decision'>;
  readonly cited: (evidence: Evidence) => boolean;
  /** Of countersign.yml as it is now. */
  readonly limits: Limits;
}

/** Gates 0, 1 and 2 in their order. The first that does not pass pauses the workflow with its reasons. */
export function evaluateDesignGates(draft: Draft, { documents, cited, limits }: DesignEvidence): void {
  const { decision, architecture, scope, plan, gates } = documents;
  const { workflow } = draft;
  if (!ask(draft, evaluateGate0({ workflow: { ...workflow, limits }, decision }), { decision })) return;
  if (!architecture || !scope) return incomplete(draft, 'architecture and scope');
  if (!ask(draft, evaluateGate1({ workflow: workflow.id, repos: workflow.repos.map(({ repo }) => repo), architecture, scope, hasEvidence: cited }), { architecture, scope })) return;
  if (!plan || !gates) return incomplete(draft, 'plan and gates');
  ask(draft, evaluateGate2({ workflow: workflow.id, scope, plan, gates }), { plan, gates });
}

function ask(draft: Draft, result: GateResult, documents: Partial<Documents>): boolean {
  const hash = draft.attachJson(`gate-${result.gate}.json`, result);
  const reasons = result.checks.filter(({ outcome }) => outcome !== 'PASS').map(({ reason }) => reason).slice(0, 50);
  draft.record('E_GATE_EVALUATED', { gate: result.gate, subject: null, outcome: result.outcome, failure: result.failure, reasons, result: hash }, { evidence: [hash] });
  if (result.outcome === 'PASS') return true;
  draft.record('E_NEEDS_HUMAN', { code: `gate-${result.gate}`, reason: `Gate ${result.gate} does not pass: ${reasons.join(' ')}`.slice(0, 2_000), questions: openQuestions(documents).slice(0, 50), resumes: 'INGESTED' });
  return false;
}

const incomplete = (draft: Draft, what: string): void =>
  draft.record('E_NEEDS_HUMAN', { code: 'design-incomplete', reason: `The design holds no ${what}.`, questions: [], resumes: 'INGESTED' });
