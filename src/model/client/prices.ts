/** What a model's tokens cost, in US dollars for a million tokens, and the day the price was read. */
export interface Price {
  readonly inputUsd: number;
  readonly outputUsd: number;
  readonly asOf: string;
  /** Longer prompts cost more, and how much is not kept here: beyond it the cost counts as unknown. Null: there is no such step. */
  readonly inputTokensMax: number | null;
}

/** List prices without discounts, from the providers' own pages. A model that is not here has a price only through `model.price`. */
const PRICES: Readonly<Record<string, Price>> = {
  'anthropic/claude-fable-5-1': listed(10, 50, { asOf: '2026-11-01' }),
  'anthropic/claude-opus-5-5': listed(4, 20, { asOf: '2026-11-01' }),
  'anthropic/claude-opus-5': listed(5, 25, { asOf: '2026-11-01' }),
  'anthropic/claude-sonnet-5-5': listed(2, 10, { asOf: '2026-11-01' }),
  'google/gemini-2.5-flash': listed(0.3, 2.5, { asOf: '2026-04-19' }),
  'google/gemini-2.5-pro': listed(1.25, 10, { asOf: '2026-04-19', inputTokensMax: 200_000 }),
  'google/gemini-3-flash-preview': listed(0.5, 3, { asOf: '2026-04-19' }),
  'google/gemini-3.1-pro-preview': listed(2, 12, { asOf: '2026-04-19', inputTokensMax: 200_000 }),
  'openai/gpt-6-astra': listed(10, 50, { asOf: '2026-09-22', inputTokensMax: 272_000 }),
  'openai/gpt-6-luna': listed(0.1, 0.5, { asOf: '2026-09-22', inputTokensMax: 272_000 }),
  'openai/gpt-6-sol': listed(2, 10, { asOf: '2026-09-22', inputTokensMax: 272_000 }),
};

function listed(inputUsd: number, outputUsd: number, { asOf, inputTokensMax = null }: { asOf: string; inputTokensMax?: number | null }): Price {
  return { inputUsd, outputUsd, asOf, inputTokensMax };
}

/** The price of a `PROVIDER/MODEL`, or null when it is not known. */
export const priceOf = (name: string): Price | null => (Object.hasOwn(PRICES, name) ? (PRICES[name] ?? null) : null);

/** Millionths of a US dollar, rounded up; null when the price or a token count is not known: an unknown cost is never shown as nothing. */
export function microUsdOf(price: Price | null, tokensIn: number | null, tokensOut: number | null): number | null {
  if (price === null || tokensIn === null || tokensOut === null) return null;
  if (price.inputTokensMax !== null && tokensIn > price.inputTokensMax) return null;
  // Dollars a million tokens are micro-dollars a token.
  return Math.ceil(tokensIn * price.inputUsd + tokensOut * price.outputUsd);
}
