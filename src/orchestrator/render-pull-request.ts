import type { Documents } from '../domain/documents.ts';
import type { PatchSetState, Workflow } from '../domain/workflow.ts';
import { approvalTrailer } from '../domain/intent.ts';
import type { AppliedPatchSet } from '../ports/writers.ts';
import { ledgerLink, runLink, siteLink } from './links.ts';
import type { Job } from './ports.ts';
import { code, inline, showHidden } from './text.ts';

const TITLE_CHARACTERS_MAX = 120;

/** Subject, reason and trailers. The trailers anchor the ledger outside itself. */
export function commitMessage(workflow: Workflow, patchSet: PatchSetState, ledgerTip: string): string {
  return [
    plain(workflow.source.title),
    '',
    `${patchSet.id} r${patchSet.revision} of ${workflow.id}, countersigned by ${patchSet.approval?.login ?? 'nobody'}.`,
    `Source: ${workflow.source.url}`,
    '',
    `Countersign-Workflow: ${workflow.id}`,
    `Countersign-PatchSet: ${patchSet.id} r${patchSet.revision}`,
    approvalTrailer(patchSet.digest),
    `Countersign-Ledger: ${ledgerTip}`,
  ].join('\n');
}

/** What GitHub, CI systems and this product's own rule read in a commit's subject, each with a look-alike that nobody reads so. */
const READ_BY_MACHINES: readonly (readonly [RegExp, (word: string) => string])[] = [
  [/@/g, () => '＠'],
  // References, which with a keyword before them close issues.
  [/#(?=\d)/g, () => '＃'],
  [/\bGH-(?=\d)/gi, (word) => `${word.slice(0, 2)}\u2011`],
  [/:(?=\/\/)/g, () => '：'],
  // `[skip ci]` and its relatives would leave the pull request without checks.
  [/\[(?=[^\]]*\b(?:skip|no)\b)|\*{3}(?=NO_CI)/gi, (word) => (word === '[' ? '［' : '＊')],
  [/^countersign-[a-z]+\s*:/i, (word) => word.replace(':', '：')],
];

/** A title as one line that can be no trailer, mention, reference or instruction to CI. */
function plain(title: string): string {
  const flat = showHidden(title.replaceAll(/\s+/g, ' ').trim());
  return READ_BY_MACHINES.reduce((text, [pattern, replace]) => text.replace(pattern, replace), flat).slice(0, TITLE_CHARACTERS_MAX).toWellFormed() || 'Countersigned change';
}

interface PullRequestInput {
  readonly job: Job;
  readonly workflow: Workflow;
  readonly documents: Documents;
  readonly patchSet: PatchSetState;
  readonly applied: AppliedPatchSet;
}

/** What and why in a few lines, the criteria as a checklist, and how to check that this is what was approved. */
export function renderPullRequest(input: PullRequestInput): { readonly title: string; readonly body: string } {
  const { workflow, documents } = input;
  const body = [
    `${documents.scope.goals.map((goal) => inline(goal, 1_000)).join('\n\n')}`,
    '',
    `From [${workflow.source.repo}#${workflow.source.number}](${workflow.source.url}) · ${workflow.id}`,
    '',
    '### Acceptance criteria',
    ...criteria(input),
    '',
    '### Not in this change',
    ...documents.scope.nonGoals.map((goal) => `- ${inline(goal, 500)}`),
    '',
    ...countersignature(input),
    '',
    ...evidence(input),
  ];
  return { title: plain(workflow.source.title), body: body.join('\n') };
}

function criteria({ documents, patchSet }: PullRequestInput): readonly string[] {
  const served = (id: string): string => {
    const serving = documents.plan.tasks.filter((task) => task.criteriaIds.includes(id));
    const patches = patchSet.patches.filter(({ task }) => serving.some((each) => each.repo === patchSet.repo && each.id === task));
    const files = patches.flatMap(({ paths }) => paths);
    if (files.length > 0) return ` (${patches.map(({ task }) => inline(task)).join(', ')}: ${files.slice(0, 10).map(code).join(', ')})`;
    return serving.some(({ repo }) => repo !== patchSet.repo) ? ' (served in another repository)' : ' (nothing in this change is for it)';
  };
  return documents.scope.acceptanceCriteria.map(({ id, sentence }) => `- [ ] **${inline(id)}** ${inline(sentence, 1_000)}${served(id)}`);
}

function countersignature({ job, workflow, patchSet }: PullRequestInput): readonly string[] {
  const gates = [0, 1, 2, 4].map((gate) => `Gate ${gate} ${workflow.gates[gate as 0 | 1 | 2 | 4]?.outcome ?? '–'}`);
  const run = patchSet.approval ? ` in [its review](${runLink(job, patchSet.approval.runId)})` : '';
  return [
    '### Countersigned',
    `- by **${inline(patchSet.approval?.login ?? 'nobody')}**${run}`,
    `- digest ${code(`sha256:${patchSet.digest}`)}`,
    `- policy: ${patchSet.policy?.block ?? 0} block, ${patchSet.policy?.warn ?? 0} warn · ${gates.slice(0, 3).join(' · ')} · Gate 3 ${patchSet.gate3?.outcome ?? '–'} · ${gates[3]}`,
  ];
}

function evidence({ job, workflow, patchSet, applied }: PullRequestInput): readonly string[] {
  const site = siteLink(job, workflow.id);
  return [
    '<details><summary>Evidence: how to verify</summary>',
    '',
    `The approved result tree is ${code(patchSet.resultTree)}. It is what this branch holds:`,
    '',
    '```',
    `git fetch origin ${applied.branch} && git rev-parse FETCH_HEAD^{tree}`,
    `# ${patchSet.resultTree}`,
    'countersign ledger verify   # in a clone of the control repo',
    '```',
    '',
    `Manifest ${code(patchSet.digest)}, diff ${code(patchSet.diff)}, policy ${code(patchSet.policy?.policy ?? '')}. [Ledger](${ledgerLink(job)})${site ? ` · [review site](${site})` : ''}`,
    '</details>',
  ];
}
