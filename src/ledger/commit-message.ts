import type { EventType, WorkflowEvent } from '../domain/event.ts';
import { domainEventOf } from './fold.ts';
import { story } from './story.ts';

// The event that tells most about a commit with several: the earlier in this list, the more telling. The rest are equal.
const TELLING: readonly EventType[] = [
  'E_WORKFLOW_FINISHED',
  'E_CANCELLED',
  'E_PATCH_SET_REJECTED',
  'E_CHANGES_REQUESTED',
  'E_APPROVAL_RECORDED',
  'E_PR_OPENED',
  'E_PATCH_SET_APPLIED',
  'E_WRITE_INTENDED',
  'E_NEEDS_HUMAN',
  'E_APPROVAL_REQUESTED',
  'E_PATCH_SET_PROPOSED',
  'E_DECISION_RECORDED',
  'E_WORKFLOW_CREATED',
  'E_CI_OBSERVED',
  'E_CONTEXT_PROVIDED',
  'E_POLICY_EVALUATED',
  'E_GATE_EVALUATED',
  'E_ARTIFACT_RECORDED',
  'E_CONTEXT_INGESTED',
  'E_RUN_RECORDED',
];

/** `wf-20261122-k3v9q2: ps-1 r1 approved by octocat (52f1…9c)`, a line for each event when there are several, and trailers. */
export function commitMessage(events: readonly WorkflowEvent[], subject?: string): string {
  const first = events[0];
  const last = events.at(-1);
  if (!first || !last) throw new RangeError('A ledger commit records at least one event.');
  const lines = [`${first.workflow}: ${subject === undefined ? story(domainEventOf(mostTelling(events))) : oneLine(subject)}`, ''];
  if (events.length > 1) lines.push(...events.map((event) => `${String(event.seq).padStart(4, '0')} ${story(domainEventOf(event))}`), '');
  lines.push(`Countersign-Workflow: ${first.workflow}`);
  lines.push(`Countersign-Events: ${first.seq === last.seq ? first.seq : `${first.seq}-${last.seq}`}`);
  lines.push(`Countersign-Run: ${last.run.repository} ${last.run.id}.${last.run.attempt}`);
  return `${lines.join('\n')}\n`;
}

function mostTelling(events: readonly WorkflowEvent[]): WorkflowEvent {
  return events.reduce((best, event) => (TELLING.indexOf(event.type) < TELLING.indexOf(best.type) ? event : best));
}

const oneLine = (text: string): string => text.replace(/[\p{C}\p{Z}]+/gu, ' ').trim().slice(0, 200);
