import { isFinal } from '../../domain/status.ts';
import type { Workflow } from '../../domain/workflow.ts';
import type { Clock, Random } from '../../ports/clock.ts';
import type { LedgerStore } from '../../ports/ledger-store.ts';
import { appendEvents, type AppendResult } from '../append.ts';
import { CONTEXT, together, type Sample, type SampleEvents } from './sample-events.ts';

export interface Bench {
  readonly store: LedgerStore;
  readonly clock: Clock;
  readonly random: Random;
}

/** Appends one sample to the workflow of `events`. */
export function appendSample({ store, clock, random }: Bench, events: SampleEvents, sample: Sample): Promise<AppendResult> {
  return appendEvents({ store, clock, random, workflow: events.id, context: CONTEXT, decide: () => ({ kind: 'append', ...sample }) });
}

/**
 * Records a whole life of a workflow. Each step is what the state asks for next; `detours` (0 to 1) is how often something
 * else is tried first, which the state machine may refuse. Gives the workflow as it ended.
 */
export async function recordHistory(bench: Bench, events: SampleEvents, { detours = 0, stepsMax = 80 } = {}): Promise<Workflow> {
  let workflow: Workflow | null = null;
  for (let step = 0; step < stepsMax; step++) {
    if (workflow?.outcome) break;
    const wanders: boolean = workflow !== null && bench.random.fraction() < detours;
    const sample: Sample = wanders ? pick(bench.random, detoursOf(events, workflow!)) : nextStep(events, workflow);
    const result = await appendSample(bench, events, sample);
    if (result.kind === 'appended') workflow = result.workflow;
    else if (!wanders) throw new Error(`The sample history stopped: ${result.kind === 'refused' ? result.reason : result.kind}`);
  }
  if (!workflow) throw new Error('The sample history is empty.');
  return workflow;
}

const pick = <T>(random: Random, items: readonly T[]): T => items[Math.floor(random.fraction() * items.length)]!;

/** The step that leads on from here, over every state to DONE. */
export function nextStep(events: SampleEvents, workflow: Workflow | null): Sample {
  events.look(workflow);
  if (!workflow) return events.created();
  if (isFinal(workflow.status)) return events.finished(workflow);
  switch (workflow.status) {
    case 'INGESTED':
      return design(events, workflow);
    case 'PATCHES_PROPOSED':
      return patch(events, workflow);
    case 'WAITING_USER_APPROVAL': {
      const open = workflow.patchSets.find((patchSet) => !patchSet.approval)!;
      return open.request ? events.approved(open) : together(...workflow.patchSets.filter(({ request, approval }) => !request && !approval).map((patchSet) => events.requested(patchSet)));
    }
    case 'APPLYING_PATCHES': {
      if (workflow.gates[4]?.outcome !== 'PASS') return events.gate(4);
      const open = workflow.patchSets.find(({ pullRequest }) => !pullRequest)!;
      if (!open.write) return events.writeIntended(open);
      return open.applied ? events.prOpened(open) : events.applied(open);
    }
    case 'PR_OPEN':
      return events.ciObserved(workflow.patchSets[0]!);
    case 'VERIFYING_CI': {
      const open = workflow.patchSets.find(({ gate5 }) => gate5?.outcome !== 'PASS')!;
      return open.ci ? events.gate(5, 'PASS', open) : events.ciObserved(open);
    }
    default:
      return events.answered();
  }
}

function design(events: SampleEvents, workflow: Workflow): Sample {
  if (!workflow.contextHash) return events.ingested();
  if (!workflow.decision) return together(events.run(), events.decided());
  if (!workflow.artifacts.gates) return together(...(['architecture', 'scope', 'plan', 'gates'] as const).map((kind) => events.artifact(kind)));
  for (const gate of [0, 1, 2] as const) if (workflow.gates[gate]?.outcome !== 'PASS') return events.gate(gate);
  return events.proposed(workflow, 0);
}

function patch(events: SampleEvents, workflow: Workflow): Sample {
  const missing = events.repos.findIndex((_, index) => !workflow.patchSets.some(({ id }) => id === `ps-${index + 1}`));
  const open = workflow.patchSets.find((patchSet) => patchSet.gate3?.outcome !== 'PASS' || patchSet.changesRequested !== null);
  if (!open) return events.proposed(workflow, missing);
  if (open.changesRequested || open.gate3 || (open.policy?.block ?? 0) > 0) return events.proposed(workflow, Number(open.id.slice(3)) - 1);
  return open.policy ? events.gate(3, 'PASS', open) : events.policy(open);
}

/** What else may be tried here; the state machine may refuse it. */
export function detoursOf(events: SampleEvents, workflow: Workflow): readonly Sample[] {
  events.look(workflow);
  const anywhere = [events.run(), events.run(), events.ingested(), events.gate(0), events.decided('DEFER'), events.needsHuman(workflow), events.answered(), events.artifact('plan')];
  const perPatchSet = workflow.patchSets.flatMap((patchSet) => [
    events.policy(patchSet),
    events.requested(patchSet),
    events.approved(patchSet, 'hubot'),
    events.changesRequested(patchSet),
    events.writeIntended(patchSet),
    events.prOpened(patchSet),
    events.ciObserved(patchSet, 'pending'),
    events.gate(3, 'PASS', patchSet),
    events.gate(5, 'WAITING', patchSet),
  ]);
  const missing = workflow.repos.findIndex((_, index) => !workflow.patchSets.some(({ id }) => id === `ps-${index + 1}`));
  const worse = missing < 0 ? [] : [events.proposed(workflow, missing, { block: 1 }), events.proposed(workflow, missing, { outcome: 'FAIL' })];
  const rare = workflow.patchSets.map((patchSet) => events.rejected(patchSet));
  return [...anywhere, ...perPatchSet, ...perPatchSet, ...worse, ...rare, events.cancelled()];
}
