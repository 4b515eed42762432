import type { WorkflowEvent } from '../../domain/event.ts';
import type { Workflow } from '../../domain/workflow.ts';
import { shortDigest } from '../../ledger/story.ts';
import { paint } from '../output.ts';
import { wrap } from '../patch/wrap.ts';
import { printable } from '../printable.ts';

/** One line for people about each event that a person cares for; null for the rest. Label, what, and a figure at the end. */
export function lineOf(event: WorkflowEvent, workflow: Workflow): string | null {
  switch (event.type) {
    case 'E_WORKFLOW_CREATED':
      return row('issue', `${event.body.source.repo}#${event.body.source.number}  ${paint.bold(`"${printable(event.body.source.title)}"`)}`, event.body.repos.map(({ repo, role }) => `${repo}${role === 'primary' ? ' (primary)' : ''}`).join(', '));
    case 'E_CONTEXT_INGESTED':
      return row('context', event.body.repos.map(({ repo, commit, files }) => `${repo} ${commit.slice(0, 7)}  ${count(files, 'file')}`).join(' · '), `context ${shortDigest(event.body.contextHash)}`);
    case 'E_DECISION_RECORDED':
      return row('decision', `${verdict(event.body.verdict)}  ${count(event.body.reasons.length, 'reason')}, ${count(event.body.questions.length, 'open question')}`, '');
    case 'E_PATCH_SET_PROPOSED':
      return row('patches', `${event.body.patchSet} r${event.body.revision} ${event.body.repo}  ${count(event.body.stats.files, 'file')} ${paint.green(`+${event.body.stats.added}`)} ${paint.red(`−${event.body.stats.removed}`)}`, `digest ${shortDigest(event.body.digest)}`);
    case 'E_POLICY_EVALUATED':
      return row('policy', `${event.body.patchSet} r${event.body.revision}  ${event.body.block > 0 ? paint.red(`${event.body.block} block`) : '0 block'}, ${event.body.warn > 0 ? paint.yellow(`${event.body.warn} warn`) : '0 warn'}`, '');
    case 'E_GATE_EVALUATED':
      return gateLine(event);
    case 'E_APPROVAL_REQUESTED':
      return row('review', `${event.body.patchSet} r${event.body.revision}  ${paint.underline(event.body.url)}`, '');
    case 'E_APPROVAL_RECORDED':
      return row('approved', `${event.body.patchSet} r${event.body.revision}  by ${event.body.login}`, `digest ${shortDigest(event.body.digest)}`);
    case 'E_CHANGES_REQUESTED':
      return row('changes', `${event.body.patchSet} r${event.body.revision}  asked for by ${event.body.login}`, '');
    case 'E_PATCH_SET_REJECTED':
      return row('rejected', `${event.body.patchSet} r${event.body.revision}  by ${event.body.login}`, '');
    case 'E_PATCH_SET_APPLIED':
      return row('written', `${event.body.patchSet} ${event.body.repo}  ${event.body.branch}`, `tree ${event.body.tree.slice(0, 7)} as approved`);
    case 'E_PR_OPENED':
      return row('pull', paint.underline(event.body.url), '');
    case 'E_CI_OBSERVED':
      return row('ci', `${event.body.repo}  ${event.body.checks.map(({ context, state }) => `${printable(context)} ${state}`).join(', ') || 'no check has reported'}`, event.body.conclusion);
    case 'E_NEEDS_HUMAN':
      return sentence('asks', event.body.reason, paint.yellow);
    case 'E_CONTEXT_PROVIDED':
      return row(event.body.answers.some(({ id }) => id === 'proposal') ? 'proposed' : 'answered', `by ${event.body.login}`, '');
    case 'E_CANCELLED':
      return row('cancelled', `by ${event.body.login}`, '');
    case 'E_RUN_RECORDED':
      return event.body.outcome === 'refused' ? sentence('refused', event.body.reason ?? '', paint.red) : null;
    case 'E_WORKFLOW_FINISHED':
    case 'E_WRITE_INTENDED':
      return null;
    case 'E_ARTIFACT_RECORDED':
      return event.body.artifact === 'gates' ? row('design', `architecture, scope, plan and gates, fixed for ${workflow.id}`, '') : null;
  }
}

function gateLine(event: Extract<WorkflowEvent, { type: 'E_GATE_EVALUATED' }>): string | null {
  const { gate, subject, outcome, reasons } = event.body;
  const shown = outcome === 'PASS' ? paint.green('pass') : outcome === 'FAIL' ? paint.red('fail') : paint.yellow('waiting');
  const about = subject ? `  ${subject.patchSet} r${subject.revision}` : '';
  const line = row(`gate ${gate}`, `${shown}${about}`, '');
  return outcome === 'PASS' || reasons[0] === undefined ? line : `${line}\n${sentence('', reasons[0], paint.dim)}`;
}

/** A sentence under its label, as wide as the terminal; in one line where there is none. Digests in their short form: the whole ones are in the ledger. */
function sentence(label: string, text: string, colour: (text: string) => string): string {
  const short = printable(text).replaceAll(/\b[0-9a-f]{64}\b/g, shortDigest);
  const lines = wrap(short, { width: textWidth(process.stdout.columns), first: '', rest: '' });
  return lines.map((line, index) => row(index === 0 ? label : '', colour(line), '')).join('\n');
}

/** A line of a job's log that tells how a model's call goes; null for every other line. */
export function modelLine(line: string): string | null {
  const told = /^model {5}(\S.*)$/.exec(line)?.[1];
  return told === undefined ? null : sentence('model', told, paint.dim);
}

/** A terminal that does not know its width says 0. */
const textWidth = (columns: number | undefined): number => (columns ? Math.max(columns - ROW_INDENT, 20) : Number.POSITIVE_INFINITY);

const LABEL_WIDTH = 10;
/** Columns before the text of a row. */
export const ROW_INDENT = LABEL_WIDTH + 2;

export function row(label: string, text: string, last: string): string {
  return `  ${paint.dim(label.padEnd(LABEL_WIDTH))}${text}${last === '' ? '' : `  ${paint.dim(last)}`}`;
}

export const stateRow = (status: string): string => `  ${paint.dim('state'.padEnd(LABEL_WIDTH))}${paint.bold(status)}`;
const verdict = (text: string): string => (text === 'GO' ? paint.green('GO') : paint.yellow(text.replace('_', '-')));
const count = (number: number, one: string): string => `${number} ${one}${number === 1 ? '' : 's'}`;
