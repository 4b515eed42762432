import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { APICallError, generateText, jsonSchema, NoObjectGeneratedError, Output } from 'ai';
import type { ModelRequest } from '../../ports/model-client.ts';

// The only file that knows the AI SDK. It is imported when the first call is made, so that a run without a model never pays for it.

export type AskResult =
  | { readonly kind: 'finished'; readonly text: string; readonly finish: string; readonly tokensIn: number | null; readonly tokensOut: number | null }
  | { readonly kind: 'http'; readonly status: number; readonly retryAfterMs: number | null }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'garbage' }
  | { readonly kind: 'unreachable' };

export interface Endpoint {
  readonly baseUrl: string;
  readonly apiKey: string | null;
  readonly model: string;
}

/** One request, no retries. Every failure is told apart by its type; no message of the provider leaves this function. */
export async function askOnce(request: ModelRequest, endpoint: Endpoint): Promise<AskResult> {
  const provider = createOpenAICompatible({
    name: 'openai-compatible',
    baseURL: endpoint.baseUrl,
    supportsStructuredOutputs: true,
    ...(endpoint.apiKey === null ? {} : { apiKey: endpoint.apiKey }),
  });
  const signal = AbortSignal.timeout(request.timeoutMs);
  try {
    const result = await generateText({
      model: provider(endpoint.model),
      instructions: request.system,
      prompt: request.prompt,
      maxOutputTokens: request.maxOutputTokens,
      temperature: request.temperature,
      maxRetries: 0,
      abortSignal: signal,
      ...(request.schema === null ? {} : { output: Output.object({ name: request.schema.name, schema: jsonSchema(schemaObject(request.schema.jsonSchema)) }) }),
    });
    return { kind: 'finished', text: result.text, finish: result.finishReason, tokensIn: result.usage.inputTokens ?? null, tokensOut: result.usage.outputTokens ?? null };
  } catch (error) {
    return signal.aborted ? { kind: 'timeout' } : failureOf(error);
  }
}

function failureOf(error: unknown): AskResult {
  if (NoObjectGeneratedError.isInstance(error)) {
    return { kind: 'finished', text: error.text ?? '', finish: error.finishReason ?? 'other', tokensIn: error.usage?.inputTokens ?? null, tokensOut: error.usage?.outputTokens ?? null };
  }
  if (APICallError.isInstance(error)) {
    const { statusCode } = error;
    if (statusCode === undefined) return { kind: 'unreachable' };
    return statusCode >= 400 ? { kind: 'http', status: statusCode, retryAfterMs: retryAfterMs(error.responseHeaders?.['retry-after']) } : { kind: 'garbage' };
  }
  return { kind: 'garbage' };
}

/** Seconds only: a date would need a clock, and providers send seconds. */
function retryAfterMs(header: string | undefined): number | null {
  return header !== undefined && /^\d{1,6}(?:\.\d{1,3})?$/.test(header.trim()) ? Math.ceil(Number(header) * 1000) : null;
}

const schemaObject = (schema: unknown): Record<string, unknown> => (typeof schema === 'object' && schema !== null ? Object.fromEntries(Object.entries(schema)) : {});
