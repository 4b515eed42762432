/** What a role asks of a model. `schema` is a JSON Schema for structured answers, null for free text. */
export interface ModelRequest {
  readonly role: string;
  readonly system: string;
  readonly prompt: string;
  readonly schema: { readonly name: string; readonly jsonSchema: unknown } | null;
  readonly maxOutputTokens: number;
  /** Null: the model's own. */
  readonly temperature: number | null;
  readonly timeoutMs: number;
}

export type ModelFailure = 'no-answer' | 'refused' | 'truncated' | 'not-by-schema' | 'over-budget' | 'rate-limited' | 'provider-down';

export interface ModelUsage {
  readonly tokensIn: number | null;
  readonly tokensOut: number | null;
  readonly costMicroUsd: number | null;
}

/** Expected failures are data; only a defect throws. `json` is the parsed answer when a schema was asked for, else null. */
export type ModelAnswer =
  | { readonly kind: 'answered'; readonly text: string; readonly json: unknown; readonly model: string; readonly usage: ModelUsage; readonly durationMs: number }
  | { readonly kind: 'failed'; readonly failure: ModelFailure; readonly reason: string; readonly model: string; readonly usage: ModelUsage; readonly durationMs: number };

export interface ModelClient {
  /** `PROVIDER/MODEL`, for the record. */
  readonly name: string;
  generate(request: ModelRequest): Promise<ModelAnswer>;
}
