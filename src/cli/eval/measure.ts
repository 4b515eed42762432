import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { WorkflowEvent } from '../../domain/event.ts';
import { modelCost } from '../../domain/model-cost.ts';
import type { PatchSetState } from '../../domain/workflow.ts';
import type { LoadedWorkflow } from '../../ledger/load.ts';
import type { FoundLedger } from '../inspect/find-ledger.ts';
import { requireInLedger } from '../inspect/find-ledger.ts';
import type { EvalCase } from './eval-case.ts';
import { resultWithout, type EvalResult } from './eval-result.ts';
import { DIFF, git, type Planted } from './plant-case.ts';

const DIFFERENCE_CHARACTERS_MAX = 100_000;

export interface Ended {
  readonly ledger: FoundLedger;
  readonly id: string;
  readonly planted: Planted;
  readonly seconds: number;
  /** The last lines that the case's CI printed. */
  readonly checksOutput: readonly string[];
}

/** What a workflow came to, from its ledger alone. */
export async function measure(each: EvalCase, { ledger, id, planted, seconds, checksOutput }: Ended): Promise<EvalResult> {
  const { workflow, events } = await requireInLedger(ledger, id);
  const calls = callsOf(events);
  const patchSet = workflow.patchSets[0] ?? null;
  const touched = [...new Set(patchSet?.patches.flatMap(({ paths }) => paths) ?? [])];
  const cost = modelCost(events);
  const reason = workflow.outcome?.reason ?? workflow.pause?.reason ?? '';
  return {
    ...resultWithout(each),
    failed: isOutOfReach(calls) ? reason : null,
    verdict: events.findLast((event) => event.type === 'E_DECISION_RECORDED')?.body.verdict ?? null,
    state: workflow.status,
    reason,
    gatesPassed: passedGates(events),
    ciPassed: patchSet?.ci ? patchSet.ci.conclusion === 'passed' : null,
    checksOutput: patchSet?.ci?.conclusion === 'passed' ? [] : checksOutput,
    files: { known: planted.knownPaths, touched, hit: planted.knownPaths.filter((path) => touched.includes(path)).length },
    appliedFirstTime: appliedFirstTime(calls, patchSet),
    revisions: patchSet?.revision ?? 0,
    sameAsKnown: patchSet?.resultTree === planted.knownTree,
    difference: patchSet && patchSet.resultTree !== planted.knownTree ? await differenceOf(ledger, workflow.id, { planted, patchSet }) : '',
    costMicroUsd: cost.unknownCalls > 0 ? null : cost.knownMicroUsd,
    tokens: calls.reduce((sum, { tokensIn, tokensOut }) => sum + (tokensIn ?? 0) + (tokensOut ?? 0), 0),
    seconds: Math.round(seconds * 10) / 10,
  };
}

type Call = Extract<WorkflowEvent, { type: 'E_RUN_RECORDED' }>['body'];

const callsOf = (events: readonly WorkflowEvent[]): readonly Call[] => events.flatMap((event) => (event.type === 'E_RUN_RECORDED' ? [event.body] : []));

/** The provider was down or wanted no more calls: that says nothing about the model. */
function isOutOfReach(calls: readonly Call[]): boolean {
  const last = calls.findLast(({ model }) => model !== null);
  return last?.outcome === 'failed' && /^(?:provider-down|rate-limited): /.test(last.reason ?? '');
}

/** Null: nothing was proposed. */
function appliedFirstTime(calls: readonly Call[], patchSet: PatchSetState | null): boolean | null {
  const proposals = calls.filter(({ role }) => role === 'proposer' || role === 'repairer' || role === 'patch');
  if (patchSet === null) return proposals.length === 0 ? null : false;
  return proposals.every(({ role, outcome }) => role !== 'repairer' && outcome === 'succeeded');
}

function passedGates(events: readonly WorkflowEvent[]): readonly number[] {
  const last = new Map<number, string>();
  for (const event of events) if (event.type === 'E_GATE_EVALUATED') last.set(event.body.gate, event.body.outcome);
  return [...last].filter(([, outcome]) => outcome === 'PASS').map(([gate]) => gate).toSorted((a, b) => a - b);
}

/** From the known result to the proposed one, which is made again from the recorded diff: it need not have been written anywhere. */
async function differenceOf({ store }: FoundLedger, id: LoadedWorkflow['id'], { planted, patchSet }: { planted: Planted; patchSet: PatchSetState }): Promise<string> {
  const { gitDir, baseTree, knownTree } = planted;
  const diff = (await store.readEvidence(id, [patchSet.diff])).get(patchSet.diff);
  if (diff === undefined) return '';
  const file = join(gitDir, 'proposed.diff');
  await writeFile(file, diff);
  try {
    await git(gitDir, ['read-tree', baseTree]);
    await git(gitDir, ['apply', '--cached', '--whitespace=nowarn', file]);
    const result = await git(gitDir, ['write-tree']);
    return (await git(gitDir, [...DIFF, knownTree, result], '')).slice(0, DIFFERENCE_CHARACTERS_MAX);
  } catch {
    // What was taken out of the recorded diff (a secret) is missing in it.
    return '';
  }
}
