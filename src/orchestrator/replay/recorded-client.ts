import type { WorkflowEvent } from '../../domain/event.ts';
import { hashCanonical } from '../../ledger/canonical-json.ts';
import type { RoleModels } from '../../model/ask.ts';
import { renderedPrompt, ROLE_TEMPLATES, templateHash } from '../../model/prompts/templates.ts';
import type { ModelAnswer, ModelClient, ModelFailure, ModelRequest } from '../../ports/model-client.ts';
import { compareContent } from './difference.ts';
import { attempt, notRebuildable, redactedWhy, type ReplayItem, type ReplayPlace } from './items.ts';
import type { ReplaySession, Step } from './session.ts';

type RunRecorded = Extract<WorkflowEvent, { type: 'E_RUN_RECORDED' }>;

/** A model call of the ledger, with its recorded answer where that can be read. */
export interface RecordedCall {
  readonly event: RunRecorded;
  readonly answer: string | null;
}

/** The model calls of one job, in order. A job that asked no model has none. */
export async function readCalls(session: ReplaySession, round: readonly Step[]): Promise<readonly RecordedCall[]> {
  const calls: RecordedCall[] = [];
  for (const { event } of round) {
    if (event.type !== 'E_RUN_RECORDED' || event.body.promptTemplate === null) continue;
    const [output] = event.body.outputs;
    const isWhole = output !== undefined && redactedWhy(event.evidence, output, 'answer') === null;
    const bytes = isWhole ? await attempt(() => session.evidence(output)) : null;
    calls.push({ event, answer: bytes?.kind === 'made' ? new TextDecoder().decode(bytes.value) : null });
  }
  return calls;
}

/** Gives each role its recorded answers, one after the other, and keeps what it was asked. No network, no key. */
export class RecordedClient implements ModelClient {
  readonly name: string;
  readonly #left: RecordedCall[];
  readonly #asked = new Map<RecordedCall, ModelRequest>();
  readonly #names: ReadonlyMap<string, string | null>;

  constructor(calls: readonly RecordedCall[]) {
    this.name = calls[0]?.event.body.model ?? 'recipe';
    this.#left = [...calls];
    this.#names = new Map(calls.map(({ event: { body } }) => [body.role, body.model]));
  }

  /** Every role asks here, under the name of the model that it asked then. Settings change no prompt. */
  readonly models: RoleModels = (role) => ({
    client: { name: this.#names.get(role) ?? this.name, generate: async (request) => this.generate(request) },
    settings: { maxOutputTokens: 1, timeoutMs: 1, temperature: null },
  });

  async generate(request: ModelRequest): Promise<ModelAnswer> {
    const at = this.#left.findIndex(({ event }) => event.body.role === request.role);
    const [call] = at < 0 ? [] : this.#left.splice(at, 1);
    if (call) this.#asked.set(call, request);
    return answerOf(request, call ?? null, this.name);
  }

  /** Says of each recorded call that its prompt cannot be made again. */
  giveUp(calls: readonly RecordedCall[], why: string): readonly ReplayItem[] {
    return withPlaces(calls).map(({ call, place }) => notRebuildable(place, call.event.body.prompt ?? '', why));
  }

  /** Says of each recorded call whether its prompt came out the same. */
  async judge(session: ReplaySession, calls: readonly RecordedCall[]): Promise<readonly ReplayItem[]> {
    return Promise.all(withPlaces(calls).map(async ({ call, place }) => {
      const recorded = call.event.body.prompt ?? '';
      const stale = staleTemplate(call.event);
      if (stale !== null) return notRebuildable(place, recorded, stale);
      const request = this.#asked.get(call);
      if (!request) return notRebuildable(place, recorded, 'the role came not so far again: an earlier answer is not at hand, or was read otherwise');
      return compareContent(session, place, { expected: recorded, value: renderedPrompt(request), hint: 'the role was sent other words', notKept: 'which ones is not on the record (`evidence: full` in countersign.yml keeps each prompt)' });
    }));
  }
}

function withPlaces(calls: readonly RecordedCall[]): readonly { readonly call: RecordedCall; readonly place: ReplayPlace }[] {
  const counts = new Map<string, number>();
  return calls.map((call) => {
    const { role } = call.event.body;
    const nth = (counts.get(role) ?? 0) + 1;
    counts.set(role, nth);
    return { call, place: { item: 'prompt', subject: `${role}, call ${nth}`, seq: call.event.seq } };
  });
}

/** Why a prompt cannot be made again: the words of its template are not those of this version. */
function staleTemplate({ body }: RunRecorded): string | null {
  const template = Object.entries(ROLE_TEMPLATES).find(([role]) => role === body.role)?.[1];
  if (template === undefined) return `this version has no template for the role ${JSON.stringify(body.role)}`;
  const now = templateHash(template, hashCanonical);
  return now === body.promptTemplate ? null : `the template of ${body.role} changed: recorded ${body.promptTemplate ?? 'none'}, this version has ${now}`;
}

const FAILURES: readonly ModelFailure[] = ['no-answer', 'refused', 'truncated', 'over-budget', 'rate-limited', 'provider-down', 'not-by-schema'];

function answerOf(request: ModelRequest, call: RecordedCall | null, name: string): ModelAnswer {
  const about = { model: call?.event.body.model ?? name, usage: { tokensIn: null, tokensOut: null, costMicroUsd: null }, durationMs: 0 };
  const text = call?.answer ?? '';
  if (text === '') {
    const [code = '', ...rest] = (call?.event.body.reason ?? '').split(': ');
    return { kind: 'failed', failure: FAILURES.find((known) => known === code) ?? 'no-answer', reason: rest.join(': '), ...about };
  }
  if (request.schema === null) return { kind: 'answered', text, json: null, ...about };
  try {
    const json: unknown = JSON.parse(text);
    return { kind: 'answered', text, json, ...about };
  } catch {
    return { kind: 'failed', failure: 'not-by-schema', reason: 'the answer is not JSON', ...about };
  }
}
