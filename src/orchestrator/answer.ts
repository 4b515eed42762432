import type { Workflow } from '../domain/workflow.ts';
import { humanActor, type Draft } from './draft.ts';
import { followUp } from './follow-up.ts';
import { GIVEN_ID, noProposalNow, takesProposal } from './given-change.ts';
import type { Ports, StepReport } from './ports.ts';
import { record, requireWorkflow } from './record.ts';
import { inline, storable } from './text.ts';
import { updateTrackingIssue } from './tracking.ts';
import { workflowNamedIn } from './tracking-section.ts';

type AnswerPorts = Pick<Ports, 'job' | 'ledger' | 'control' | 'writer'>;

const COMMENT_CHARACTERS_MAX = 65_536;

/** A comment as the event brings it. */
export interface IssueComment {
  readonly issueNumber: number;
  readonly issueBody: string;
  readonly login: string;
  readonly userId: number;
  readonly userType: string;
  readonly body: string;
}

export type HumanCommand =
  /** An id is the question's number as the issue lists it; empty where none was given. */
  | { readonly kind: 'answer'; readonly answers: readonly { readonly id: string; readonly answer: string }[] }
  /** A whole change, made by another agent or by a person at the pinned base. */
  | { readonly kind: 'propose'; readonly change: string }
  | { readonly kind: 'retry' }
  | { readonly kind: 'cancel'; readonly reason: string };

/** The workflow whose tracking issue was commented on: a hint, to be checked against the ledger. */
export const workflowOfComment = (comment: IssueComment): string | null => workflowNamedIn(comment.issueBody);

/** A listed person's command on a tracking issue. Everybody else's comments are data, never commands. */
export async function answer(ports: AnswerPorts, comment: IssueComment): Promise<StepReport> {
  const id = workflowOfComment(comment);
  const command = parseCommand(comment.body);
  if (!id || !command) return ignored(null, 'The comment is no command to a workflow.');
  const { workflow } = await requireWorkflow(ports, id);
  const { trackingIssue } = workflow;
  if (trackingIssue?.repo.toLowerCase() !== ports.job.controlRepo.toLowerCase() || trackingIssue.number !== comment.issueNumber) return ignored(workflow, `Issue #${comment.issueNumber} does not track ${id}.`);
  if (comment.userType !== 'User' || !workflow.approvers.some((approver) => approver.toLowerCase() === comment.login.toLowerCase())) {
    return ignored(workflow, `${comment.login} is not on the list of approvers: the comment is not a command.`);
  }
  if (command.kind === 'propose' && !takesProposal(workflow)) return sayBack(ports, workflow, { comment, why: noProposalNow(workflow) });
  const unheard = command.kind === 'answer' ? unanswerable(command, workflow) : null;
  if (unheard !== null) return sayBack(ports, workflow, { comment, why: unheard });
  const recorded = await record(ports, id, (draft) => recordCommand(draft, command, comment));
  return followUp(ports, { workflow: recorded.workflow ?? workflow });
}

/**
 * Why an answer is to nothing that is asked, or null. It is refused whole: a round of work with half of an answer, or with
 * none, would be paid for and lead to the same question.
 */
function unanswerable({ answers }: Extract<HumanCommand, { kind: 'answer' }>, workflow: Workflow): string | null {
  if (workflow.outcome) return null;
  const open = workflow.pause?.questions.length ?? 0;
  if (open === 0) return `nothing is asked just now, so an answer has no question. ${workflow.pause ? 'To go on, comment `/retry`' : 'Countersign goes on by itself; to end it, comment `/cancel`'}`;
  const wrong = answers.find(({ id }) => id !== '' && !(Number(id) >= 1 && Number(id) <= open));
  const asked = open === 1 ? 'one question is open' : `questions 1 to ${open} are open`;
  if (wrong !== undefined) return `there is no open question ${wrong.id}: ${asked}. Say it again with a number from the list, such as \`/answer 1: …\``;
  // Without a number it is clear what is meant only where one thing is asked and one is answered.
  if (answers.some(({ id }) => id === '') && (answers.length > 1 || open > 1)) return `it does not say which question it is to: ${asked}. Say it with its number: \`/answer 1: …\``;
  return null;
}

/** A listed person's command that nothing came of: said where they gave it, and nothing is recorded or started. */
async function sayBack(ports: AnswerPorts, workflow: Workflow, { comment, why }: { readonly comment: IssueComment; readonly why: string }): Promise<StepReport> {
  const said = `${inline(comment.login)}'s last comment changed nothing: ${why}${/[.!?]$/.test(why) ? '' : '.'}`;
  await updateTrackingIssue(ports, workflow, said);
  return ignored(workflow, said);
}

const ignored = (workflow: Workflow | null, summary: string): StepReport => ({ ok: true, workflow: workflow?.id ?? null, state: workflow?.status ?? null, next: '', summary });

function recordCommand(draft: Draft, command: HumanCommand, { login, userId }: IssueComment): void {
  const actor = humanActor(login, userId);
  if (draft.workflow.outcome) return;
  if (command.kind === 'cancel') {
    draft.record('E_CANCELLED', { login, reason: command.reason }, { actor });
    return draft.close(`Cancelled by ${login}${command.reason === '' ? '.' : `: ${command.reason}`}`.slice(0, 2_000));
  }
  if (!draft.workflow.pause || (command.kind === 'answer' && unanswerable(command, draft.workflow) !== null)) return;
  draft.record('E_CONTEXT_PROVIDED', { login, answers: answersIn(command, draft.workflow) }, { actor });
}

function answersIn(command: Exclude<HumanCommand, { kind: 'cancel' }>, workflow: Workflow): readonly { id: string; answer: string }[] {
  if (command.kind === 'retry') return [];
  return command.kind === 'propose' ? [{ id: GIVEN_ID, answer: command.change }] : byQuestion(workflow, command.answers);
}

/** `/answer 2: …` answers the second question, `/answer …` the only one. */
function byQuestion(workflow: Workflow, answers: readonly { id: string; answer: string }[]): readonly { id: string; answer: string }[] {
  const questions = workflow.pause?.questions ?? [];
  return answers.flatMap(({ id, answer: text }) => {
    const question = questions[(id === '' ? 1 : Number(id)) - 1];
    return question === undefined ? [] : [{ id: question.id, answer: text }];
  });
}

/** Reads `/answer N: …` (each up to the next one), `/propose` and a change, `/retry` or `/cancel REASON`. Anything else is no command. */
export function parseCommand(body: string): HumanCommand | null {
  const text = storable(body).replaceAll('\r\n', '\n').slice(0, COMMENT_CHARACTERS_MAX).trim();
  if (/^\/retry(?:\s|$)/.test(text)) return { kind: 'retry' };
  if (/^\/cancel(?:\s|$)/.test(text)) return { kind: 'cancel', reason: text.slice('/cancel'.length).trim().slice(0, 1_000) };
  if (/^\/propose\s/.test(text)) return { kind: 'propose', change: text.slice('/propose'.length).trim() };
  if (!/^\/answer\s/.test(text)) return null;
  const answers = answerParts(text).flatMap((part) => {
    const match = /^(?:q?(\d{1,3})\s*(?::|[.)](?=\s))\s*)?([\s\S]+)$/.exec(part.trim());
    return match?.[2] === undefined ? [] : [{ id: match[1] ?? '', answer: match[2].trim() }];
  });
  return answers.length > 0 ? { kind: 'answer', answers } : null;
}

/** The text after each `/answer` that begins a line. In a fence it is something that was pasted, whoever wrote it. */
function answerParts(text: string): readonly string[] {
  const parts: string[] = [];
  let fence = '';
  for (const line of text.split('\n')) {
    const mark = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})(.*)$/.exec(line);
    const begun = fence === '' ? /^\/answer(?:\s+|$)/.exec(line)?.[0] : undefined;
    if (begun !== undefined) parts.push(line.slice(begun.length));
    else parts.push(`${parts.pop() ?? ''}\n${line}`);
    if (mark?.[1] === undefined) continue;
    if (fence === '') fence = mark[1];
    else if (mark[1].startsWith(fence) && mark[2]?.trim() === '') fence = '';
  }
  return parts;
}
