import type { EventBodies } from '../domain/event.ts';
import type { CountersignConfig } from '../domain/config.ts';
import { hashCanonical } from '../ledger/canonical-json.ts';
import { promptHash } from '../model/prompts/templates.ts';
import type { ModelCallRecord } from '../model/roles.ts';
import { RENDERED_CHARACTERS_MAX, type ThinkCall } from '../schema/think.ts';
import { MODEL_ACTOR, type Draft } from './draft.ts';
import { jobRun } from './job-run.ts';
import { storable } from './text.ts';

/** A model call as it travels from the think job to the record job; with its prompt only where the config keeps prompts. */
export function toThinkCall(call: ModelCallRecord, { evidence }: Pick<CountersignConfig, 'evidence'>): ThinkCall {
  return {
    role: call.role,
    model: call.model,
    promptTemplate: call.promptTemplate,
    prompt: call.prompt,
    rendered: evidence === 'full' ? keepable(call) : null,
    parameters: { ...call.parameters },
    output: storable(call.output),
    tokensIn: call.tokensIn,
    tokensOut: call.tokensOut,
    costMicroUsd: call.costMicroUsd,
    durationMs: Math.max(0, Math.round(call.durationMs)),
    outcome: call.outcome,
    reason: call.reason === null ? null : storable(call.reason).slice(0, 4_000),
  };
}

/** A prompt that a record can hold word for word; its hash alone is kept of any other. */
function keepable({ rendered, prompt }: ModelCallRecord): ThinkCall['rendered'] {
  if (rendered === null || rendered.prompt.length > RENDERED_CHARACTERS_MAX) return null;
  const stored = { system: storable(rendered.system), prompt: storable(rendered.prompt) };
  return stored.system === rendered.system && stored.prompt === rendered.prompt && promptHash(stored, hashCanonical) === prompt ? stored : null;
}

/** Puts each call of a think job on the record: its answer and parameters as evidence, its cost against the cap. */
export function recordCalls(draft: Draft, calls: readonly ThinkCall[], contextHash: string | null): void {
  for (const call of calls) {
    const output = draft.attachText(`${call.role}-answer.txt`, 'text/plain', storable(call.output));
    const parameters = draft.attachJson(`${call.role}-parameters.json`, { parameters: Object.entries(call.parameters).map(([name, value]) => ({ name, value: value === null ? null : String(value) })) });
    const prompt = call.rendered ? [draft.attachJson(`${call.role}-prompt.json`, call.rendered)] : [];
    draft.record('E_RUN_RECORDED', bodyOf(call, { output, parameters, contextHash }), { evidence: [output, parameters, ...prompt], actor: MODEL_ACTOR });
  }
}

function bodyOf(call: ThinkCall, { output, parameters, contextHash }: { output: string; parameters: string; contextHash: string | null }): EventBodies['E_RUN_RECORDED'] {
  const { role, outcome, reason, promptTemplate, prompt, model, tokensIn, tokensOut, costMicroUsd, durationMs } = call;
  return { role, outcome, reason, inputs: [], outputs: [output], contextHash, promptTemplate, prompt, model, parameters, tokensIn, tokensOut, costMicroUsd, durationMs };
}

/** The record of a job whose input did not hold: what it was, and why it was refused. */
export const refusedRun = (role: string, reason: string): EventBodies['E_RUN_RECORDED'] => jobRun(role, 'refused', storable(reason).slice(0, 4_000));
