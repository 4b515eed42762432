import type { ModelRole } from '../domain/config.ts';
import type { ModelAnswer, ModelClient, ModelRequest } from '../ports/model-client.ts';
import { SYSTEM_PROMPT } from './prompts/system.ts';
import { fillTemplate } from './prompts/render-prompt.ts';
import { promptHash, templateHash } from './prompts/templates.ts';
import type { HashValue, ModelCallRecord, RoleFailure } from './roles.ts';

/** One role: its template, what it may use, and the schema of its answer (null: fenced blocks). */
export interface RoleSpec {
  readonly role: string;
  readonly template: string;
  readonly schema: ModelRequest['schema'];
}

interface RoleSettings {
  readonly maxOutputTokens: number;
  readonly timeoutMs: number;
  /** Null: the model's own. */
  readonly temperature: number | null;
}

/** The client and the settings that a role asks with. */
export interface RoleModel {
  readonly client: ModelClient;
  readonly settings: RoleSettings;
}
export type RoleModels = (role: ModelRole) => RoleModel;

export type Accepted<Value> = { readonly kind: 'accepted'; readonly value: Value } | { readonly kind: 'faulty'; readonly problems: readonly string[] };
export type Asked<Value> = { readonly kind: 'asked'; readonly value: Value; readonly calls: readonly ModelCallRecord[] } | RoleFailure;

export interface Question<Value> {
  readonly spec: RoleSpec;
  readonly values: Readonly<Record<string, string>>;
  /** Checks an answer as hostile data and gives every fault. */
  readonly accept: (answer: { readonly text: string; readonly json: unknown }) => Accepted<Value> | Promise<Accepted<Value>>;
}

/** Tries after an answer that does not hold, each with the list of faults. */
const REPAIRS_MAX = 1;

/** Asks a role, checks the answer, and asks once more with the faults if it does not hold. Each call leaves a record. */
export async function askRole<Value>({ client, settings }: RoleModel, question: Question<Value>, hash: HashValue): Promise<Asked<Value>> {
  const calls: ModelCallRecord[] = [];
  const base = fillTemplate(question.spec.template, question.values);
  let prompt = base;
  for (let repairs = 0; ; repairs++) {
    const request: ModelRequest = { role: question.spec.role, system: SYSTEM_PROMPT, prompt, schema: question.spec.schema, ...settings };
    const answer = await client.generate(request);
    if (answer.kind === 'failed') {
      calls.push(recordOf(request, answer, { spec: question.spec, hash, reason: `${answer.failure}: ${answer.reason}` }));
      if (answer.failure !== 'not-by-schema' || repairs >= REPAIRS_MAX) return failed(question.spec.role, answer.failure, answer.reason, calls);
      prompt = `${base}\nYour last answer did not hold:\n- ${answer.reason}\n\nGive the whole answer again, mended.\n`;
      continue;
    }
    const accepted = await question.accept(answer);
    const problems = accepted.kind === 'faulty' ? accepted.problems.slice(0, 20).map((problem) => problem.slice(0, 500)) : [];
    calls.push(recordOf(request, answer, { spec: question.spec, hash, reason: accepted.kind === 'accepted' ? null : `not-by-schema: ${problems.join('; ')}`.slice(0, 2_000) }));
    if (accepted.kind === 'accepted') return { kind: 'asked', value: accepted.value, calls };
    if (repairs >= REPAIRS_MAX) return failed(question.spec.role, 'not-by-schema', numbered(problems), calls);
    prompt = `${base}\nYour last answer did not hold:\n${problems.map((problem) => `- ${problem}`).join('\n')}\n\nYour last answer was:\n${answer.text.slice(0, 100_000)}\n\nGive the whole answer again, mended.\n`;
  }
}

function recordOf(request: ModelRequest, answer: ModelAnswer, about: { spec: RoleSpec; hash: HashValue; reason: string | null }): ModelCallRecord {
  return {
    role: request.role,
    model: answer.model,
    promptTemplate: templateHash(about.spec.template, about.hash),
    prompt: promptHash(request, about.hash),
    rendered: { system: request.system, prompt: request.prompt },
    parameters: { maxOutputTokens: request.maxOutputTokens, temperature: request.temperature === null ? null : String(request.temperature), timeoutMs: request.timeoutMs, schema: request.schema?.name ?? null },
    output: answer.kind === 'answered' ? answer.text : '',
    tokensIn: answer.usage.tokensIn,
    tokensOut: answer.usage.tokensOut,
    costMicroUsd: answer.usage.costMicroUsd,
    durationMs: answer.durationMs,
    outcome: about.reason === null ? 'succeeded' : 'failed',
    reason: about.reason,
  };
}

/** What is still wrong, for a person to read in one line. */
const numbered = (problems: readonly string[]): string => (problems.length === 1 ? problems.join() : problems.map((problem, index) => `(${index + 1}) ${problem}`).join(' ')).slice(0, 1_500);

/** It asks nothing: how to go on is said by what it resumes. */
function failed(role: string, code: string, reason: string, calls: readonly ModelCallRecord[]): RoleFailure {
  const tries = calls.filter(({ outcome }) => outcome === 'failed').length;
  const how = code === 'not-by-schema' ? (tries > 1 ? ', though it was told once what is wrong' : '') : ` (${code})`;
  const what = code === 'over-budget' ? `The ${role} was not asked (over-budget)` : `The ${role} gave no usable answer${how}`;
  return { kind: 'failed', code: `model-${code}`, reason: `${what}: ${reason}`, questions: [], calls };
}
