import { join } from 'node:path';
import type { Manifest } from '../../src/domain/change-set.ts';
import type { GateFailure, GateNumber, GateOutcome } from '../../src/domain/gate.ts';
import type { PatchSetRef } from '../../src/domain/event.ts';
import type { Instant, WorkflowId } from '../../src/domain/ids.ts';
import type { PolicyViolation } from '../../src/domain/policy.ts';
import { canonicalJson } from '../../src/schema/canonical-json.ts';
import { sha256 } from '../../src/schema/sha256.ts';
import { makeChange, type Files, type RealChange } from './git-fixture.ts';
import { POLICY, WorkflowBuilder } from './workflow-builder.ts';

const hash = (text: string): string => sha256(new TextEncoder().encode(text));

export interface Target {
  readonly repo: string;
  readonly change: RealChange;
  readonly violations: readonly PolicyViolation[];
}

export interface Story {
  readonly id: WorkflowId;
  readonly at: Instant;
  readonly title: string;
  readonly author?: string;
  readonly targets: readonly Target[];
}

export function openWorkflow(story: Story): WorkflowBuilder {
  const flow = new WorkflowBuilder(story.id, story.at);
  const issueText = flow.text('issue.md', 'text/markdown', `${story.title}\n\nThe client sleeps a second, whatever the server says.`);
  flow.record(
    'E_WORKFLOW_CREATED',
    {
      source: { kind: 'issue', repo: 'octo/api', number: 41, url: 'https://github.com/octo/api/issues/41', title: story.title, author: story.author ?? 'mona', revision: issueText },
      issueText,
      repos: story.targets.map((target, index) => ({ repo: target.repo, role: index === 0 ? 'primary' : 'secondary', baseBranch: 'main', baseCommit: target.change.base.commit, baseTree: target.change.base.tree })),
      approvers: ['octocat'],
      limits: { regenerationsMax: 2, ciRegenerationsMax: 0, revisionsMax: 5, ciTimeoutSeconds: 3600, approvalExpiresHours: 72, costMicroUsdMax: 5_000_000 },
      trackingIssue: { repo: 'octo/control', number: 12 },
    },
    'workflow',
  );
  const manifest = flow.json('context.json', { files: 90 });
  flow.record('E_CONTEXT_INGESTED', {
    contextHash: hash(`context ${story.id}`),
    manifest,
    repos: story.targets.map(({ repo, change }) => ({ repo, commit: change.base.commit, tree: change.base.tree, files: 38, cutOff: 2 })),
  });
  recordRun(flow, 'triage', 412_000);
  return flow;
}

export function recordRun(flow: WorkflowBuilder, role: string, costMicroUsd: number): void {
  flow.record(
    'E_RUN_RECORDED',
    { role, outcome: 'succeeded', reason: null, inputs: [hash('in')], outputs: [hash('out')], contextHash: hash('context'), promptTemplate: hash('template'), prompt: hash('prompt'), model: 'anthropic/claude', parameters: null, tokensIn: 18_204, tokensOut: 2_310, costMicroUsd, durationMs: 14_200 },
    'model',
  );
}

export function decide(flow: WorkflowBuilder, verdict: 'GO' | 'NO_GO' | 'DEFER', reasons: readonly string[], questions: readonly { id: string; question: string }[] = []): void {
  const document = flow.json('decision.json', { schemaVersion: 1, stage: 'decision', workflow: flow.id, verdict, reasons: reasons.map((text) => ({ text, evidenceIds: [] })), risk: 'low' });
  flow.text('decision.md', 'text/markdown', `# Decision: ${verdict}\n\n${reasons.map((reason) => `- ${reason}`).join('\n')}\n\nRisk: **low**\n`);
  flow.record('E_DECISION_RECORDED', { verdict, document, reasons, questions }, 'model');
}

export function gate(flow: WorkflowBuilder, number: GateNumber, options: { subject?: PatchSetRef; outcome?: GateOutcome; failure?: GateFailure; reasons?: readonly string[] } = {}): void {
  const { subject = null, outcome = 'PASS', failure = null, reasons = [] } = options;
  const result = flow.json(`gate-${number}.json`, {
    format: 'countersign/gate-result@1',
    gate: number,
    subject,
    outcome,
    failure,
    checks: [
      { name: 'every change belongs to a task', outcome: 'PASS', reason: '3 of 3 changed files belong to a task.' },
      ...reasons.map((reason) => ({ name: 'the rest', outcome, reason })),
    ],
  });
  flow.record('E_GATE_EVALUATED', { gate: number, subject, outcome, failure, reasons, result });
}

export function design(flow: WorkflowBuilder, story: Story): void {
  decide(flow, 'GO', ['The header is documented and ignored.', 'The change is local to the retry loop.']);
  gate(flow, 0);
  const architecture = `# Architecture\n\n| component | repository | role |\n|---|---|---|\n| retry | octo/api | waits between attempts |\n| banner | octo/web | tells the person |\n\n## Decision\nHonour \`Retry-After\` in the client. See [RFC 9110](https://www.rfc-editor.org/rfc/rfc9110).\n`;
  artifact(flow, 'architecture', architecture, { components: [{ id: 'retry', role: 'waits' }] });
  artifact(flow, 'scope', '# Scope\n\n**Goals**\n\n- Honour `Retry-After`.\n\n**Non-goals**\n\n- A new back-off algorithm.\n', { goals: ['Honour Retry-After.'] });
  gate(flow, 1);
  const tasks = story.targets.map(({ repo, change }, index) => ({ id: `T${index + 1}`, title: repo === 'octo/web' ? 'Tell the person how long' : 'Wait as long as the server asks', criteriaIds: ['C1'], repo, files: change.changes.map(({ path, op }) => ({ path, operation: op })), dependsOn: [], verification: 'test' }));
  artifact(flow, 'plan', '# Plan\n\n1. **T1** Wait as long as the server asks\n2. **T2** Tell the person how long\n', { tasks });
  artifact(flow, 'gates', '# Gates\n\nGate 3 requires an exact application.\n', { gates: [] });
  gate(flow, 2);
}

function artifact(flow: WorkflowBuilder, kind: 'architecture' | 'scope' | 'plan' | 'gates', markdown: string, fields: object): void {
  const document = flow.json(`${kind}.json`, { schemaVersion: 1, stage: kind, workflow: flow.id, ...fields });
  flow.text(`${kind}.md`, 'text/markdown', markdown);
  flow.record('E_ARTIFACT_RECORDED', { artifact: kind, document }, 'model');
}

export function propose(flow: WorkflowBuilder, story: Story, index: number, revision = 1): PatchSetRef {
  const target = story.targets[index];
  if (!target) throw new Error(`no target ${index}`);
  const { change, repo } = target;
  const diff = flow.text('change.diff', 'text/x-diff', change.diff);
  const result = policyResult(target);
  const patches = [{ id: 'p1', task: `T${index + 1}`, paths: change.changes.map(({ path }) => path) }];
  const manifest: Manifest = {
    format: 'countersign/manifest@1',
    workflow: flow.id,
    patchSet: `ps-${index + 1}`,
    revision,
    repo,
    base: { branch: 'main', ...change.base },
    result: change.result,
    changes: change.changes,
    patches,
    diff,
    scope: hash('scope'),
    plan: flow.workflow.artifacts.plan ?? hash('plan'),
    gates: hash('gates'),
    gateResults: hash('gate results'),
    policy: POLICY,
    policyResult: sha256(canonicalJson(result)),
    issueRevision: flow.workflow.source.revision,
  };
  flow.json('manifest.json', manifest);
  const ref = flow.ref(manifest);
  const proposal = flow.text('proposal.txt', 'text/plain', 'edit blocks');
  const lines = change.diff.split('\n');
  const count = (sign: RegExp): number => lines.filter((line) => sign.test(line)).length;
  flow.record('E_PATCH_SET_PROPOSED', { ...ref, repo, resultTree: change.result.tree, diff, proposal, patches, stats: { files: change.changes.length, added: count(/^\+(?!\+\+ )/), removed: count(/^-(?!-- )/) } }, 'model');
  const evidence = flow.json('policy-result.json', result);
  flow.record('E_POLICY_EVALUATED', { ...ref, policy: POLICY, result: evidence, block: result.block, warn: result.warn });
  if (result.block === 0) gate(flow, 3, { subject: ref });
  return ref;
}

function policyResult({ violations, repo, change }: Target) {
  const rules = [...new Set(violations.map(({ rule }) => rule))];
  const block = violations.filter(({ severity }) => severity === 'BLOCK').length;
  const examined = change.changes.length;
  return {
    format: 'countersign/policy-result@1',
    repo,
    policy: POLICY,
    verdict: block > 0 ? 'block' : violations.length > 0 ? 'warn' : 'pass',
    block,
    warn: violations.length - block,
    rules: [
      { rule: 'frozen-files', severity: 'BLOCK', examined, allowed: [], violations: [] },
      ...rules.map((rule) => ({ rule, severity: 'WARN', examined, allowed: [], violations: violations.filter((violation) => violation.rule === rule) })),
    ],
  };
}

export const runIdOf = (ref: PatchSetRef): number => 9000 + Number(ref.patchSet.slice(3)) * 10 + ref.revision;

export function request(flow: WorkflowBuilder, ref: PatchSetRef): void {
  flow.record('E_APPROVAL_REQUESTED', { ...ref, runId: runIdOf(ref), url: `https://github.com/octo/control/actions/runs/${runIdOf(ref)}` });
}

export function approve(flow: WorkflowBuilder, ref: PatchSetRef): void {
  flow.wait(1800);
  flow.record('E_APPROVAL_RECORDED', { ...ref, login: 'octocat', userId: 583231, environment: 'countersign-approval', runId: runIdOf(ref), comment: 'Reads well.', expires: '2099-01-01T00:00:00Z' }, 'human');
}

export function land(flow: WorkflowBuilder, story: Story, refs: readonly PatchSetRef[], conclusion: 'passed' | 'none' = 'passed'): void {
  gate(flow, 4);
  const commit = (index: number): string => String(index + 1).repeat(40);
  refs.forEach((ref, index) => {
    const { repo, change } = story.targets[index] ?? fail();
    const branch = `countersign/${flow.id}/${ref.patchSet}`;
    flow.record('E_WRITE_INTENDED', { ...ref, repo, branch, baseCommit: change.base.commit, resultTree: change.result.tree });
    flow.record('E_PATCH_SET_APPLIED', { ...ref, repo, branch, commit: commit(index), tree: change.result.tree, verified: true });
    flow.record('E_PR_OPENED', { ...ref, repo, number: 57 + index, url: `https://github.com/${repo}/pull/${57 + index}`, head: commit(index) });
  });
  refs.forEach((ref, index) => {
    const { repo, change } = story.targets[index] ?? fail();
    flow.record('E_CI_OBSERVED', { ...ref, repo, head: commit(index), tree: change.result.tree, conclusion, checks: conclusion === 'none' ? [] : [{ context: 'test', required: true, state: 'passed' }] });
    gate(flow, 5, { subject: ref });
  });
  flow.record('E_WORKFLOW_FINISHED', { outcome: 'DONE', reason: 'Both pull requests hold exactly what was approved, and their checks passed.' });
}

const fail = (): never => {
  throw new Error('no such target');
};

/** Changes made by real git, for all stories of one fixture. */
export function makeTarget(dir: string, repo: string, [before, after]: readonly [Files, Files], violations: readonly PolicyViolation[] = []): Target {
  return { repo, change: makeChange(join(dir, repo.replace('/', '-') + hash(JSON.stringify(after)).slice(0, 6)), before, after), violations };
}
