import type { Status } from '../domain/status.ts';
import type { PatchSetState, Workflow } from '../domain/workflow.ts';
import { runLink } from './links.ts';
import type { Job } from './ports.ts';
import { inline } from './text.ts';

// The same words in the run summary, the tracking issue, the terminal and the site.

const TURN: Readonly<Record<Exclude<Status, 'DONE'>, string>> = {
  INGESTED: "Countersign's turn: the design is being made.",
  PATCHES_PROPOSED: "Countersign's turn: PatchSets are being proposed.",
  WAITING_USER_APPROVAL: 'Your turn: review the PatchSets. Nothing has been written to any target repository.',
  APPLYING_PATCHES: "Countersign's turn: the approved PatchSets are being written.",
  PR_OPEN: "CI's turn: the pull requests are open.",
  VERIFYING_CI: "CI's turn: Gate 5 waits for the required checks.",
  NEEDS_HUMAN: 'Your turn: something needs an answer.',
  FAILED: 'Finished without a change.',
  BLOCKED_POLICY: 'Finished: the policy blocks this change.',
  DECLINED: 'Finished: the decision was NO-GO.',
};

/** Whose turn it is and for what, or how the workflow ended. */
export const turnLine = (workflow: Workflow): string => (workflow.status === 'DONE' ? `Finished: ${doneReason(workflow)}` : TURN[workflow.status]);

/** What DONE stands for. Where the config asks for no verification, nothing was verified, and that is said. */
export function doneReason({ patchSets }: Workflow): string {
  const unverified = patchSets.filter(({ ci }) => ci?.conclusion === 'none').map(({ repo }) => repo);
  if (unverified.length === 0) return 'Every pull request holds the approved tree, and every required check passed at exactly that commit.';
  return `Every pull request holds the approved tree. Not verified by CI: ${unverified.join(', ')}.`;
}

/** What happened and what is next, in one or two lines of Markdown. */
export function stateLine(workflow: Workflow, job: Pick<Job, 'serverUrl' | 'controlRepo' | 'siteUrl'>): string {
  const lines = [`**${workflow.id}** is **${workflow.status}**. ${turnLine(workflow)}`];
  if (workflow.pause) lines.push('', inline(workflow.pause.reason, 2_000), '', howToResume(workflow));
  if (workflow.status === 'WAITING_USER_APPROVAL') for (const patchSet of workflow.patchSets) lines.push(`- ${reviewLine(patchSet, job)}`);
  // Of DONE the first line says it all.
  if (workflow.outcome && !(workflow.status === 'DONE' && workflow.outcome.reason === doneReason(workflow))) lines.push('', inline(workflow.outcome.reason, 2_000));
  return lines.join('\n');
}

function reviewLine(patchSet: PatchSetState, job: Pick<Job, 'serverUrl' | 'controlRepo' | 'siteUrl'>): string {
  const name = `${patchSet.id} r${patchSet.revision} · ${patchSet.repo}`;
  if (patchSet.approval) return `${name}: approved by ${inline(patchSet.approval.login)}`;
  return patchSet.request ? `[${name}](${runLink(job, patchSet.request.runId)}): waiting for a review` : `${name}: the review is being requested`;
}

/** What a retry is good for: a model may answer otherwise, anything else has to be mended first. */
function againBy({ pause, gates }: Workflow): string {
  const isAboutPatches = pause?.resumes === 'PATCHES_PROPOSED' || (pause?.resumes === 'INGESTED' && gates[2]?.outcome === 'PASS');
  const asksAgain = pause?.code === 'model-not-by-schema' || (isAboutPatches && !/^(?:model-|policy-changed|limit-reached)/.test(pause?.code ?? ''));
  return `${asksAgain ? 'to have it tried again' : 'once it is mended'}${isAboutPatches ? ', `/propose` with a whole change' : ''}`;
}

/** How a listed person goes on, by the kind of pause. */
export function howToResume(workflow: Workflow): string {
  const questions = workflow.pause?.questions ?? [];
  if (questions.length === 0) return `Next: comment \`/retry\` on the tracking issue ${againBy(workflow)}, or \`/cancel\`.`;
  const list = questions.flatMap(({ question, options = [] }, index) => [`${index + 1}. ${inline(question, 1_000)}`, ...options.map((option) => `${' '.repeat(`${index + 1}. `.length)}- ${inline(option)}`)]).join('\n');
  return `${list}\n\nNext: comment \`/answer 1: …\` on the tracking issue (or \`/propose\` with a whole change), or \`/cancel\`.`;
}
