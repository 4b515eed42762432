import { APICallError, generateText, jsonSchema, NoObjectGeneratedError, Output } from 'ai';
import type { ModelRequest } from '../../ports/model-client.ts';
import { loadLanguageModel, PROVIDER_OPTIONS, type Endpoint } from './language-model.ts';

// The only file that asks through the AI SDK. It is imported when the first call is made, so that a run without a model never pays for it.

export type AskResult =
  | { readonly kind: 'finished'; readonly text: string; readonly finish: string; readonly tokensIn: number | null; readonly tokensOut: number | null }
  /** Headers and body as they came: to be looked at, never shown. */
  | { readonly kind: 'http'; readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string }
  | { readonly kind: 'timeout' }
  /** `code`: what ended the answer early; null where it came whole and is of another format. */
  | { readonly kind: 'garbage'; readonly code: string | null }
  /** `code` is the system's or the TLS library's, such as `ENOTFOUND`. */
  | { readonly kind: 'unreachable'; readonly code: string | null };

// The SDK would print its warnings (a parameter that a model does not take) into the middle of a job's log.
Object.assign(globalThis, { AI_SDK_LOG_WARNINGS: false });

const BODY_CHARACTERS_MAX = 65_536;

/** One request, no retries. Every failure is told apart by its type; no message of the provider leaves this function. */
export async function askOnce(request: ModelRequest, endpoint: Endpoint): Promise<AskResult> {
  const signal = AbortSignal.timeout(request.timeoutMs);
  try {
    const result = await generateText({
      model: await loadLanguageModel(endpoint),
      instructions: request.system,
      prompt: request.prompt,
      maxOutputTokens: request.maxOutputTokens,
      ...(request.temperature === null ? {} : { temperature: request.temperature }),
      maxRetries: 0,
      abortSignal: signal,
      providerOptions: PROVIDER_OPTIONS,
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
    if (statusCode === undefined) return { kind: 'unreachable', code: codeIn(error) };
    return statusCode >= 300 ? { kind: 'http', status: statusCode, headers: error.responseHeaders ?? {}, body: bodyIn(error) } : { kind: 'garbage', code: codeIn(error) };
  }
  return { kind: 'garbage', code: codeIn(error) };
}

// An adapter may put in whatever it parsed, and call it text.
const bodyIn = ({ responseBody }: { readonly responseBody?: unknown }): string => (typeof responseBody === 'string' ? responseBody.slice(0, BODY_CHARACTERS_MAX) : '');

/** The first code in an error's chain of causes; its messages are never read. */
function codeIn(error: unknown): string | null {
  let each = error;
  for (let depth = 0; depth < 8 && each instanceof Error; depth++, each = each.cause) if ('code' in each && typeof each.code === 'string') return each.code.slice(0, 100);
  return null;
}

const schemaObject = (schema: unknown): Record<string, unknown> => (typeof schema === 'object' && schema !== null ? Object.fromEntries(Object.entries(schema)) : {});
