import type { Manifest } from '../domain/change-set.ts';
import type { Documents } from '../domain/documents.ts';
import type { GateResult } from '../domain/gate.ts';
import type { PolicyResult } from '../domain/policy.ts';
import type { PatchSetState, Workflow } from '../domain/workflow.ts';
import { branchOf } from './branch.ts';
import { farText } from './far-text.ts';
import { ledgerLink, siteLink } from './links.ts';
import type { Job } from './ports.ts';
import { policyPart } from './render-policy.ts';
import { code, codeCell, fenced, inline } from './text.ts';

export interface Review {
  readonly job: Job;
  readonly workflow: Workflow;
  readonly patchSet: PatchSetState;
  readonly manifest: Manifest;
  readonly policy: PolicyResult;
  readonly gate3: GateResult;
  readonly documents: Documents;
  readonly diff: Uint8Array;
}

/** The summary of a review run: everything the approver countersigns, and what the approval will do. */
export function renderReview(review: Review): string {
  return [headline(review), decisionPart(review), changePart(review), policyPart(review.policy), gatePart(review.gate3), diffPart(review)].join('\n\n');
}

function headline({ workflow, patchSet, manifest }: Review): string {
  return [
    `# Review ${patchSet.id} r${patchSet.revision} · ${manifest.repo}`,
    '',
    `**${inline(workflow.source.title)}** ([${workflow.source.repo}#${workflow.source.number}](${workflow.source.url}))`,
    '',
    '| | |',
    '|---|---|',
    `| Approval digest | ${code(`sha256:${patchSet.digest}`)} |`,
    `| Base | ${codeCell(manifest.base.branch)} at ${code(manifest.base.commit)} |`,
    `| Result tree | ${code(manifest.result.tree)} |`,
    `| Policy | ${code(manifest.policy)} |`,
  ].join('\n');
}

function decisionPart({ job, workflow, patchSet, manifest }: Review): string {
  const others = workflow.patchSets.filter(({ id }) => id !== patchSet.id);
  const open = others.filter(({ approval }) => !approval).map(({ id }) => id);
  const set = others.length === 0 ? '' : open.length > 0 ? ` Nothing is written before ${open.join(' and ')} ${open.length > 1 ? 'are' : 'is'} approved too.` : ' It completes the set: all PatchSets are then written.';
  const site = siteLink(job, workflow.id);
  return [
    '## Your decision',
    '',
    `- **Approve**: creates branch ${code(branchOf(workflow.id, patchSet))} and one pull request in ${manifest.repo}, nothing else.${set}`,
    '- **Reject**: the workflow fails and nothing is written.',
    '- **Ask for changes**: reject with a comment that starts with `changes:`; a new revision follows and is reviewed again.',
    '',
    `[Ledger](${ledgerLink(job)})${site ? ` · [review site](${site})` : ''}`,
  ].join('\n');
}

function changePart({ patchSet, manifest, documents }: Review): string {
  const criteria = new Map(documents.scope.acceptanceCriteria.map(({ id, sentence }) => [id, sentence]));
  const tasks = new Map(documents.plan.tasks.map((task) => [task.id, task]));
  const rows = manifest.patches.flatMap(({ task, paths }) => paths.map((path) => {
    const change = manifest.changes.find((each) => each.path === path);
    return `| ${codeCell(path)} | ${change?.op ?? ''} | ${inline(task)} | ${inline((tasks.get(task)?.criteriaIds ?? []).join(', '))} |`;
  }));
  const { files, added, removed } = patchSet.stats;
  return [
    `## The change: ${files} ${files === 1 ? 'file' : 'files'}, +${added} −${removed}`,
    '',
    '| file | change | task | criteria |',
    '|---|---|---|---|',
    ...rows,
    '',
    ...[...criteria].map(([id, sentence]) => `- ${inline(id)}: ${inline(sentence, 1_000)}`),
    ...notDone(documents, manifest),
    '',
    'Not in scope:',
    '',
    ...documents.scope.nonGoals.map((goal) => `- ${inline(goal)}`),
  ].join('\n');
}

/** A planned task that nothing changes for: the approver judges whether it was needed. */
function notDone({ plan }: Documents, { repo, patches }: Manifest): readonly string[] {
  const idle = plan.tasks.filter((task) => task.repo === repo && !patches.some(({ task: served }) => served === task.id));
  return idle.length === 0 ? [] : ['', ...idle.map(({ id, title, files }) => `**Not done:** ${inline(id)}, ${inline(title)}. Nothing changes in ${files.slice(0, 10).map(({ path }) => code(path)).join(', ')}.`)];
}

function gatePart(gate: GateResult): string {
  const lines = gate.checks.map(({ name, outcome, reason }) => `- ${outcome === 'PASS' ? '✓' : '✗'} ${inline(name)}: ${inline(reason, 1_000)}`);
  return [`## Gate 3: ${gate.outcome}`, '', ...lines].join('\n');
}

function diffPart({ diff, patchSet }: Review): string {
  // Latin-1 would garble umlauts and UTF-8 may not hold: what cannot be decoded is shown as such, never dropped.
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(diff);
  return [`## Diff (SHA-256 ${code(patchSet.diff)})`, '', ...farPart(text), fenced(text, 'diff')].join('\n');
}

/** A page does not break a long line, so it says where there is more than is seen. */
function farPart(diff: string): readonly string[] {
  const { places, count } = farText(diff);
  if (count === 0) return [];
  const rest = count > places.length ? ` and ${count - places.length} more` : '';
  return [`**Scroll to the right, or read them on the review site:** ${count === 1 ? 'a line goes' : `${count} lines go`} on after a wide gap or far beyond the edge: ${places.map((place) => code(place)).join(', ')}${rest}.`, ''];
}
