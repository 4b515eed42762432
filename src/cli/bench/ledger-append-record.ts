import type { RunRef } from '../../domain/event.ts';
import type { LedgerStore } from '../../ports/ledger-store.ts';
import type { WorkflowId } from '../../domain/ids.ts';
import { appendEvents } from '../../ledger/append.ts';
import { canonicalJson, sha256 } from '../../ledger/canonical-json.ts';
import type { AppendRequest, PendingEvent } from '../../ledger/plan-append.ts';
import { systemClock, systemRandom } from '../../system/clock.ts';
import { outsideError } from '../../domain/errors.ts';

const RUN: RunRef = { repository: 'local/control', id: 1014, attempt: 1, job: 'record', workflowRef: 'local/control/.github/workflows/start.yml@refs/heads/main', workflowSha: 'c'.repeat(40) };

/** `count` records of a model call, each with its answer as evidence: what a state allows at any time. */
export function sampleRecords(count: number, key: string): AppendRequest {
  const made = Array.from({ length: count }, (_, index) => oneRecord(`${key}-${index}`));
  return { entries: made.map(({ entry }) => entry), evidence: made.map(({ evidence }) => evidence) };
}

function oneRecord(key: string): { readonly entry: PendingEvent; readonly evidence: AppendRequest['evidence'][number] } {
  // As long as a short answer of a model.
  const answer = canonicalJson({ key, text: Array.from({ length: 30 }, (_, line) => `${line} ${sha256(new TextEncoder().encode(`${key} ${line}`))}`) });
  const hash = sha256(answer);
  const body = { role: 'triage', outcome: 'succeeded', reason: null, inputs: [], outputs: [hash], contextHash: null, promptTemplate: null, prompt: null, model: 'sample', parameters: null, tokensIn: 100, tokensOut: 100, costMicroUsd: 10, durationMs: 3 } as const;
  return {
    entry: { type: 'E_RUN_RECORDED', body, actor: { kind: 'model', login: null, id: null }, evidence: [hash], idempotencyKey: key },
    evidence: { bytes: answer, mediaType: 'application/json', name: 'answer' },
  };
}

/** Appends as a job does: read, fold, decide, commit. */
export async function appendRecords(store: LedgerStore, workflow: WorkflowId, request: AppendRequest): Promise<void> {
  const result = await appendEvents({ store, clock: systemClock, random: systemRandom, workflow, context: { run: RUN, policy: 'a'.repeat(64) }, decide: () => ({ kind: 'append', ...request }) });
  if (result.kind !== 'appended') throw outsideError('bench-failed', `An append of the benchmark was not recorded: ${result.reason}.`);
}
