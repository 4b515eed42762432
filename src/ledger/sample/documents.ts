import type { AnyDocument, ArtifactKind, Documents, Verdict } from '../../domain/documents.ts';
import type { GateNumber, GateOutcome, GateResult } from '../../domain/gate.ts';
import type { RepoName, Sha256, WorkflowId } from '../../domain/ids.ts';
import type { PolicyResult } from '../../domain/policy.ts';
import type { PatchSetRef } from '../../domain/event.ts';
import type { WorkflowRepo } from '../../domain/workflow.ts';

// Documents and results that hold by their schemas, for benchmarks and tests. `nonce` makes two of them differ.

export interface SampleContext {
  readonly workflow: WorkflowId;
  readonly contextHash: Sha256;
  readonly repos: readonly WorkflowRepo[];
  readonly nonce: string;
}

const LONG = 'When the service answers 429 it says in Retry-After how many seconds to wait. The client ignores that and tries again after 200 ms, so that it is turned away again.';

function envelope<Stage extends ArtifactKind>(stage: Stage, { workflow, contextHash, repos }: SampleContext) {
  const evidence = repos.map(({ repo, baseCommit, baseTree }, index) => ({ id: `E${index + 1}`, repo, commit: baseCommit, path: 'src/client.js', lines: null, blob: baseTree }));
  return { schemaVersion: 1 as const, workflow, stage, author: 'recipe', inputHashes: [], contextHash, evidence, unknowns: [], assumptions: [{ id: 'A1', text: LONG, evidenceIds: ['E1'] }] };
}

/** One of the five documents. `verdict` is the decision's. */
export function sampleDocument(kind: ArtifactKind, context: SampleContext, verdict: Verdict = 'GO'): AnyDocument {
  return makers[kind](context, verdict);
}

const makers: { readonly [Kind in ArtifactKind]: (context: SampleContext, verdict: Verdict) => Documents[Kind] } = {
  decision: (context, verdict) => ({
    ...envelope('decision', context),
    verdict,
    reasons: [{ text: `It is small (${context.nonce}).`, evidenceIds: ['E1'] }, { text: LONG, evidenceIds: [] }],
    risk: 'low',
    missingContext: [],
    duplicates: [],
    deferUntil: null,
  }),
  architecture: (context) => ({
    ...envelope('architecture', context),
    components: context.repos.map(({ repo }, index) => ({ id: `C${index + 1}`, repo, paths: ['src/client.js', 'test/client.test.js'], role: LONG })),
    interfaces: [],
    decisions: [{ id: 'D1', title: `Where to change it (${context.nonce})`, drivers: [LONG], options: ['in the client', 'in a wrapper around it'], chosen: LONG, consequences: [LONG], confirmation: 'The tests pass.' }],
    invariants: ['Nothing else changes.'],
    crossRepoOrder: context.repos.map(({ repo }) => repo),
    risks: [{ text: LONG, mitigation: LONG }],
  }),
  scope: (context) => ({
    ...envelope('scope', context),
    goals: [`Retry-After counts (${context.nonce}).`],
    nonGoals: ['Dates in Retry-After.', 'Retrying anything but GET.'],
    allowedPaths: pathSets(context, ['src/client.js', 'test/client.test.js']),
    forbiddenPaths: [],
    acceptanceCriteria: [1, 2, 3].map((number) => ({ id: `AC${number}`, sentence: LONG, given: 'the pinned base', when: LONG, then: LONG, verification: 'test/client.test.js' })),
  }),
  plan: (context) => ({
    ...envelope('plan', context),
    tasks: context.repos.map(({ repo }, index) => ({
      id: `T${index + 1}`,
      title: `Change the client (${context.nonce})`,
      criteriaIds: ['AC1', 'AC2', 'AC3'],
      repo,
      files: [{ path: 'src/client.js', operation: 'modify' as const }],
      dependsOn: [],
      verification: 'test/client.test.js',
    })),
    budget: { files: 5, lines: 86 },
    rollback: LONG,
  }),
  gates: (context) => ({ ...envelope('gates', context), gates: ([0, 1, 2, 3, 4, 5] as const).map((gate) => ({ gate, requires: [`${LONG} (${context.nonce})`] })) }),
};

const pathSets = ({ repos }: SampleContext, paths: readonly string[]) => repos.map(({ repo }) => ({ repo, paths: [...paths] }));

/** The answer of a gate; a FAIL is for a reason of kind `invalid`. */
export function sampleGateResult(gate: GateNumber, outcome: GateOutcome, { subject, nonce }: { readonly subject: PatchSetRef | null; readonly nonce: string }): GateResult {
  const checks = ['documents', 'citations', 'budget', 'policy'].map((name) => ({ name, outcome: 'PASS' as GateOutcome, reason: `Every part of it was looked at and holds (${nonce}).` }));
  return { format: 'countersign/gate-result@1', gate, subject, outcome, failure: outcome === 'FAIL' ? 'invalid' : null, checks: [...checks, { name: 'outcome', outcome, reason: `It is ${outcome} (${nonce}).` }] };
}

const RULES = ['frozen-files', 'ci-files', 'control-files', 'git-control-files', 'hostile-paths', 'symlinks', 'submodules', 'executables', 'binary-files', 'hidden-text', 'size', 'scope', 'deletions', 'tests', 'licence-files', 'migrations'];

/** The policy's answer, with `block` BLOCK violations. */
export function samplePolicyResult(repo: RepoName, policy: Sha256, block = 0): PolicyResult {
  const violation = { rule: 'ci-files', severity: 'BLOCK' as const, path: '.github/workflows/ci.yml', line: null, message: 'It changes CI.', why: 'A workflow can run with secrets.', help: 'Drop that edit.' };
  const rules = RULES.map((rule) => ({ rule, severity: 'BLOCK' as const, examined: 2, allowed: [], violations: rule === 'ci-files' ? Array.from({ length: block }, () => violation) : [] }));
  return { format: 'countersign/policy-result@1', repo, policy, verdict: block > 0 ? 'block' : 'pass', block, warn: 0, rules };
}
