import type { ModelAnswer, ModelClient, ModelRequest } from '../../ports/model-client.ts';
import type { HashValue } from '../roles.ts';

/** One call, by the hash of its request. */
export interface TranscriptEntry {
  readonly request: string;
  readonly answer: ModelAnswer;
}

/** The same request has the same hash. The time-out is left out: it changes no answer. Temperature is text: canonical JSON has no fractions. */
export function requestHash(request: ModelRequest, model: string, hash: HashValue): string {
  const { role, system, prompt, schema, maxOutputTokens, temperature } = request;
  // A JSON Schema has keys that canonical JSON does not take, so it goes in as text.
  return hash({ model, role, system, prompt, schema: schema === null ? null : { name: schema.name, text: JSON.stringify(schema.jsonSchema) }, maxOutputTokens, temperature: String(temperature) });
}

/** Passes every call on and keeps it. */
export function withRecording(client: ModelClient, hash: HashValue, keep: (entry: TranscriptEntry) => void): ModelClient {
  return {
    name: client.name,
    async generate(request) {
      const answer = await client.generate(request);
      keep({ request: requestHash(request, client.name, hash), answer });
      return answer;
    },
  };
}

/** Answers from a transcript, without a network or a key. A request that is not in it fails; it is never sent. */
export function createReplayClient(name: string, transcript: readonly TranscriptEntry[], hash: HashValue): ModelClient {
  const answers = Map.groupBy(transcript, (entry) => entry.request);
  const used = new Map<string, number>();
  return {
    name,
    async generate(request) {
      const key = requestHash(request, name, hash);
      const at = used.get(key) ?? 0;
      used.set(key, at + 1);
      const found = answers.get(key)?.[at]?.answer;
      return found ?? { kind: 'failed', failure: 'no-answer', reason: `the transcript has no answer for request ${key.slice(0, 12)} (${request.role})`, model: name, usage: { tokensIn: null, tokensOut: null, costMicroUsd: null }, durationMs: 0 };
    },
  };
}
