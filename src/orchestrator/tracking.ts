import type { WorkflowId } from '../domain/ids.ts';
import type { Workflow } from '../domain/workflow.ts';
import { findPatchSet } from '../domain/workflow.ts';
import { isFinal } from '../domain/status.ts';
import type { Intake } from './intake.ts';
import { ledgerLink, runLink, siteLink } from './links.ts';
import type { Job, Ports } from './ports.ts';
import { stateLine } from './say.ts';
import { code, inline, showHidden } from './text.ts';
import { withSection } from './tracking-section.ts';

/** The one place where people talk to a workflow: the source issue if it lies in the control repo, else a new issue there. */
export async function openTrackingIssue({ job, writer }: Pick<Ports, 'job' | 'writer'>, { id, intake }: { id: WorkflowId; intake: Intake }): Promise<Workflow['trackingIssue']> {
  const repo = job.controlRepo;
  if (intake.source.repo.toLowerCase() === repo.toLowerCase()) return { repo, number: intake.source.number };
  const section = `**${id}** is being designed from [${intake.source.repo}#${intake.source.number}](${intake.source.url}).`;
  const title = `${id}: ${showHidden(intake.title).slice(0, 120)}`;
  const { number } = await writer.createTrackingIssue({ kind: 'tracking-issue-create', repo, workflow: id, title, body: withSection('', id, section) });
  return { repo, number };
}

/** Edits the tracking issue in place: state, whose turn, links. Closes it with the workflow. `note` is Markdown that stands above until the next edit. */
export async function updateTrackingIssue(ports: Pick<Ports, 'job' | 'writer' | 'control'>, workflow: Workflow, note?: string): Promise<void> {
  const { job, writer, control } = ports;
  if (!workflow.trackingIssue) return;
  const { repo, number } = workflow.trackingIssue;
  const isSource = workflow.source.repo.toLowerCase() === repo.toLowerCase() && workflow.source.number === number;
  const own = isSource ? (await control.readIssue(number)).body : '';
  const body = withSection(own, workflow.id, `${note === undefined ? '' : `> ${note}\n\n`}${renderSection(workflow, job)}`);
  await writer.updateTrackingIssue({ kind: 'tracking-issue-update', repo, number, body, close: isFinal(workflow.status) && !isSource }, workflow);
}

function renderSection(workflow: Workflow, job: Job): string {
  const site = siteLink(job, workflow.id);
  const lines = [
    stateLine(workflow, job),
    '',
    `Issue: [${inline(workflow.source.title)}](${workflow.source.url}) · [ledger](${ledgerLink(job)})${site ? ` · [review site](${site})` : ''}`,
    '',
    '| PatchSet | repository | base | files | digest | review | pull request |',
    '|---|---|---|---|---|---|---|',
    ...workflow.repos.map((_, index) => patchSetRow(workflow, `ps-${index + 1}`, job)),
    ...(isFinal(workflow.status) ? [] : ['', 'Commands for approvers: `/answer 1: …`, `/propose` with a change, `/retry`, `/cancel`.']),
  ];
  return lines.join('\n');
}

function patchSetRow(workflow: Workflow, id: string, job: Job): string {
  const patchSet = findPatchSet(workflow, id);
  const pinned = workflow.repos[Number(id.slice(3)) - 1];
  const repo = `${pinned?.repo ?? ''} | ${pinned ? `[${code(pinned.baseCommit.slice(0, 7))}](${job.serverUrl}/${pinned.repo}/commit/${pinned.baseCommit})` : ''}`;
  if (!patchSet) return `| ${id} | ${repo} | | | | |`;
  const review = patchSet.approval ? `approved by ${inline(patchSet.approval.login)}` : patchSet.request ? `[review](${runLink(job, patchSet.request.runId)})` : '';
  const pull = patchSet.pullRequest ? `[#${patchSet.pullRequest.number}](${patchSet.pullRequest.url})` : '';
  const { files, added, removed } = patchSet.stats;
  return `| ${id} r${patchSet.revision} | ${repo} | ${files} (+${added} −${removed}) | ${code(`sha256:${patchSet.digest.slice(0, 12)}…`)} | ${review} | ${pull} |`;
}
