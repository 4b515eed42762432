import type { WorkflowEvent } from '../../../src/domain/event.ts';
import { toneOf, type Tone } from './turn.ts';

/** Marks what a reader looks for: failures always, then decisions of people, then ends. Everything else stays quiet. */
export function eventTone(event: WorkflowEvent): Tone | null {
  if (event.state.from !== event.state.to && ['bad', 'good', 'ask'].includes(toneOf(event.state.to))) return toneOf(event.state.to);
  switch (event.type) {
    case 'E_GATE_EVALUATED':
      return event.body.outcome === 'FAIL' ? 'bad' : null;
    case 'E_POLICY_EVALUATED':
      return event.body.block > 0 ? 'bad' : null;
    case 'E_RUN_RECORDED':
      return event.body.outcome === 'succeeded' ? null : 'bad';
    case 'E_CI_OBSERVED':
      return event.body.conclusion === 'failed' ? 'bad' : null;
    case 'E_APPROVAL_RECORDED':
      return 'good';
    case 'E_PATCH_SET_REJECTED':
    case 'E_CANCELLED':
      return 'bad';
    case 'E_CHANGES_REQUESTED':
      return 'ask';
    default:
      return null;
  }
}
