import type { EventBodies } from '../domain/event.ts';
import type { ModelCallRecord } from '../model/roles.ts';
import type { ThinkCall } from '../schema/think.ts';
import { MODEL_ACTOR, type Draft } from './draft.ts';
import { storable } from './text.ts';

/** A model call as it travels from the think job to the record job. */
export function toThinkCall(call: ModelCallRecord): ThinkCall {
  return {
    role: call.role,
    model: call.model,
    promptTemplate: call.promptTemplate,
    prompt: call.prompt,
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

/** Puts each call of a think job on the record: its answer and parameters as evidence, its cost against the cap. */
export function recordCalls(draft: Draft, calls: readonly ThinkCall[], contextHash: string | null): void {
  for (const call of calls) {
    const output = draft.attachText(`${call.role}-answer.txt`, 'text/plain', storable(call.output));
    const parameters = draft.attachJson(`${call.role}-parameters.json`, { parameters: Object.entries(call.parameters).map(([name, value]) => ({ name, value: value === null ? null : String(value) })) });
    draft.record('E_RUN_RECORDED', bodyOf(call, { output, parameters, contextHash }), { evidence: [output, parameters], actor: MODEL_ACTOR });
  }
}

function bodyOf(call: ThinkCall, { output, parameters, contextHash }: { output: string; parameters: string; contextHash: string | null }): EventBodies['E_RUN_RECORDED'] {
  const { role, outcome, reason, promptTemplate, prompt, model, tokensIn, tokensOut, costMicroUsd, durationMs } = call;
  return { role, outcome, reason, inputs: [], outputs: [output], contextHash, promptTemplate, prompt, model, parameters, tokensIn, tokensOut, costMicroUsd, durationMs };
}

/** The record of a job whose input did not hold: what it was, and why it was refused. */
export function refusedRun(role: string, reason: string): EventBodies['E_RUN_RECORDED'] {
  return {
    role,
    outcome: 'refused',
    reason: storable(reason).slice(0, 4_000),
    inputs: [],
    outputs: [],
    contextHash: null,
    promptTemplate: null,
    prompt: null,
    model: null,
    parameters: null,
    tokensIn: null,
    tokensOut: null,
    costMicroUsd: null,
    durationMs: 0,
  };
}
