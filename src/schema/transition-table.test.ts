import { expect, test } from 'vitest';

import { EVENT_TYPES, type DomainEvent } from '../domain/event.ts';
import { STATUSES } from '../domain/status.ts';
import { transition } from '../domain/transition.ts';
import type { Workflow } from '../domain/workflow.ts';
import { seededRandom } from '../ledger/testing/fakes.ts';
import { SampleEvents, type Sample } from '../ledger/testing/sample-events.ts';
import { detoursOf, nextStep } from '../ledger/testing/sample-history.ts';
import { TRANSITIONS } from './transition-table.ts';

const ID = 'wf-20261122-k3v9q2';
const AT = '2026-11-22T10:00:00Z';
const HISTORIES = 3_000;

/** Every step `state event state` that many wandering histories take, and a workflow seen in each state. */
function wander(): { steps: Set<string>; seen: Map<string, Workflow> } {
  const steps = new Set<string>();
  const seen = new Map<string, Workflow>();
  for (let seed = 0; seed < HISTORIES; seed++) {
    const random = seededRandom(seed);
    const events = new SampleEvents(ID, 1 + (seed % 2), random);
    let workflow: Workflow | null = null;
    for (let step = 0; step < 60 && !workflow?.outcome; step++) {
      const samples: readonly Sample[] = workflow && random.fraction() < 0.35 ? detours(events, workflow) : [nextStep(events, workflow)];
      for (const { type, body } of samples[Math.floor(random.fraction() * samples.length)]?.entries ?? []) {
        const outcome = transition(workflow, { type, body, at: AT } as DomainEvent, ID);
        if (outcome.kind === 'refused') continue;
        steps.add(`${workflow?.status ?? 'new'} ${type} ${outcome.workflow.status}`);
        workflow = outcome.workflow;
        seen.set(workflow.status, workflow);
      }
    }
  }
  return { steps, seen };
}

/** After the end only a write that outlives a cancellation is left to happen. */
function detours(events: SampleEvents, workflow: Workflow): readonly Sample[] {
  if (workflow.status === 'FAILED') return workflow.patchSets.flatMap((patchSet) => [events.applied(patchSet), events.prOpened(patchSet)]);
  return [...detoursOf(events, workflow), ...rare(events, workflow)];
}

/** What the ordinary detours leave out, or have too seldom: blocks that use every regeneration up, a NO-GO, an approval that waits for others, and each cause of a failed Gate 5. */
function rare(events: SampleEvents, workflow: Workflow): readonly Sample[] {
  const failed = workflow.patchSets.flatMap((patchSet) => (['policy', 'ci', 'tree'] as const).map((failure) => withFailure(events.gate(5, 'FAIL', patchSet), failure)));
  const blocked = workflow.patchSets.flatMap((patchSet) => Array.from({ length: 8 }, () => blocking(events.policy(patchSet))));
  return [...blocked, events.decided('NO_GO'), events.gate(4, 'WAITING'), ...failed];
}

const blocking = (sample: Sample): Sample => ({ ...sample, entries: sample.entries.map((entry) => (entry.type === 'E_POLICY_EVALUATED' ? { ...entry, body: { ...entry.body, block: 1 } } : entry)) });
const withFailure = (sample: Sample, failure: 'policy' | 'ci' | 'tree'): Sample => ({ ...sample, entries: sample.entries.map((entry) => (entry.type === 'E_GATE_EVALUATED' ? { ...entry, body: { ...entry.body, failure } } : entry)) });

const { steps, seen } = wander();
const listed = new Set(Object.entries(TRANSITIONS).flatMap(([from, row]) => Object.entries(row).flatMap(([type, next]) => next.map((to) => `${from} ${type} ${to}`))));

test('no history takes a step that the table does not list', () => {
  expect(steps.size).toBeGreaterThan(40);
  expect([...steps].filter((step) => !listed.has(step))).toEqual([]);
});

test('every step of the table is taken by some history: it lists no more than there is', () => {
  expect([...listed].filter((step) => !steps.has(step)).sort()).toEqual([]);
});

test('the table and the state machine accept the same events in every state', () => {
  expect([...seen.keys()].sort()).toEqual([...STATUSES].sort());
  for (const [status, workflow] of seen) {
    for (const type of EVENT_TYPES) {
      if (type === 'E_WORKFLOW_CREATED') continue;
      // Any body: what matters is whether the state knows the event at all.
      const outcome = refusalOf(workflow, type);
      const isListed = Object.hasOwn(TRANSITIONS[status as keyof typeof TRANSITIONS], type);
      expect(outcome.startsWith(`${type} does not belong in`) || outcome.includes('comes too late'), `${status} ${type}: ${outcome}`).toBe(!isListed);
    }
  }
});

function refusalOf(workflow: Workflow, type: string): string {
  try {
    const outcome = transition(workflow, { type, at: AT, body: { patchSet: 'ps-99', repos: [], gate: 9, repo: 'none/none' } } as unknown as DomainEvent, ID);
    return outcome.kind === 'refused' ? outcome.reason : 'accepted';
  } catch {
    return 'a handler looked at the body';
  }
}
