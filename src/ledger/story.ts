import type { DomainEvent, EventOf } from '../domain/event.ts';
import { GATE_NAMES } from '../domain/gate.ts';
import type { Sha256 } from '../domain/ids.ts';

const NOTE_MAX = 300;

/** `52f1…9c`: enough of a digest to compare at a glance. */
export const shortDigest = (sha256: Sha256): string => `${sha256.slice(0, 4)}…${sha256.slice(-2)}`;

/**
 * What an event says, as one plain sentence without a full stop. Only ids, logins, numbers and fixed words: nothing that
 * a stranger wrote, no @mention and no `OWNER/NAME#1`, since either would reach out of the ledger when it stands in a commit.
 */
export function story(event: DomainEvent): string {
  switch (event.type) {
    case 'E_WORKFLOW_CREATED':
      return `opened from ${event.body.source.kind} ${event.body.source.number} of ${event.body.source.repo} for ${count(event.body.repos.length, 'repository', 'repositories')}`;
    case 'E_CONTEXT_INGESTED':
      return `context of ${count(sum(event.body.repos.map((repo) => repo.files)), 'file')} ingested (${shortDigest(event.body.contextHash)})`;
    case 'E_DECISION_RECORDED':
      return decided(event);
    case 'E_ARTIFACT_RECORDED':
      return `${event.body.artifact === 'gates' ? 'gates document' : event.body.artifact} recorded (${shortDigest(event.body.document)})`;
    case 'E_PATCH_SET_PROPOSED':
      return `PatchSet ${named(event.body)} proposed (${event.body.repo}): ${count(event.body.stats.files, 'file')} +${event.body.stats.added} −${event.body.stats.removed} (${shortDigest(event.body.digest)})`;
    case 'E_POLICY_EVALUATED':
      return `policy on ${named(event.body)}: ${event.body.block} block, ${event.body.warn} warn`;
    case 'E_GATE_EVALUATED':
      return judged(event);
    case 'E_APPROVAL_REQUESTED':
      return `approval of ${named(event.body)} requested in run ${event.body.runId} (${shortDigest(event.body.digest)})`;
    case 'E_APPROVAL_RECORDED':
      return `${named(event.body)} approved by ${event.body.login} (${shortDigest(event.body.digest)})`;
    case 'E_CHANGES_REQUESTED':
      return `changes to ${named(event.body)} requested by ${event.body.login}`;
    case 'E_PATCH_SET_REJECTED':
      return `${named(event.body)} rejected by ${event.body.login}`;
    case 'E_WRITE_INTENDED':
      return `writing ${named(event.body)} to ${event.body.repo} (${shortDigest(event.body.digest)})`;
    case 'E_PATCH_SET_APPLIED':
      return `${named(event.body)} written to ${event.body.repo} as commit ${event.body.commit.slice(0, 7)}`;
    case 'E_PR_OPENED':
      return `pull request ${event.body.number} opened in ${event.body.repo} for ${named(event.body)}`;
    case 'E_CI_OBSERVED':
      return observed(event);
    case 'E_RUN_RECORDED':
      return `run ${word(event.body.role)} ${event.body.outcome}`;
    case 'E_CONTEXT_PROVIDED':
      return event.body.answers.length === 0 ? `retry asked for by ${event.body.login}` : `${count(event.body.answers.length, 'answer')} by ${event.body.login}`;
    case 'E_NEEDS_HUMAN':
      return `waits for a person: ${word(event.body.code)}`;
    case 'E_CANCELLED':
      return `cancelled by ${event.body.login}`;
    case 'E_WORKFLOW_FINISHED':
      return `finished ${event.body.outcome}`;
  }
}

/** What people wrote or a check explained, made safe to show on one line; null when the event has nothing of the kind. Never for commits. */
export function storyNote(event: DomainEvent): string | null {
  switch (event.type) {
    case 'E_WORKFLOW_CREATED':
      return note(event.body.source.title);
    case 'E_DECISION_RECORDED':
    case 'E_GATE_EVALUATED':
      return note(event.body.reasons[0] ?? null);
    case 'E_APPROVAL_RECORDED':
    case 'E_CHANGES_REQUESTED':
    case 'E_PATCH_SET_REJECTED':
      return note(event.body.comment);
    case 'E_RUN_RECORDED':
    case 'E_NEEDS_HUMAN':
    case 'E_CANCELLED':
    case 'E_WORKFLOW_FINISHED':
      return note(event.body.reason);
    default:
      return null;
  }
}

function decided({ body }: EventOf<'E_DECISION_RECORDED'>): string {
  const verdict = { GO: 'GO', NO_GO: 'NO-GO', DEFER: 'DEFER' }[body.verdict];
  return `decision ${verdict}, ${count(body.questions.length, 'open question')}`;
}

function judged({ body }: EventOf<'E_GATE_EVALUATED'>): string {
  const outcome = { PASS: 'passed', FAIL: 'failed', WAITING: 'waits' }[body.outcome];
  const about = body.subject ? ` for ${named(body.subject)}` : '';
  return `gate ${body.gate} (${GATE_NAMES[body.gate].toLowerCase()}) ${outcome}${about}`;
}

function observed({ body }: EventOf<'E_CI_OBSERVED'>): string {
  const conclusion = { passed: 'passed', failed: 'failed', pending: 'not finished', none: 'no check required' }[body.conclusion];
  return `CI on ${named(body)} in ${body.repo}: ${conclusion}`;
}

const named = (ref: { readonly patchSet: string; readonly revision: number }): string => `${ref.patchSet} r${ref.revision}`;
const count = (number: number, one: string, many = `${one}s`): string => `${number} ${number === 1 ? one : many}`;
const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
// Codes and roles come from our own code, but a record may be forged: show them as words or not at all.
const word = (text: string): string => (/^[a-z0-9][a-z0-9-]{0,60}$/i.test(text) ? text : 'unnamed');

function note(text: string | null): string | null {
  const line = (text ?? '').replace(/\s+/gu, ' ').trim();
  if (line === '') return null;
  const cut = line.length > NOTE_MAX ? `${line.slice(0, NOTE_MAX).toWellFormed()}…` : line;
  // Control, format (bidirectional, zero-width, tag) and private characters are shown as their code point.
  return cut.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`);
}
