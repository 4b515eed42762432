/** What a model's tokens cost, in US dollars for a million tokens, and the day the price was read. */
export interface Price {
  readonly inputUsd: number;
  readonly outputUsd: number;
  readonly asOf: string;
}

/** Millionths of a US dollar, rounded up; null when the price or a token count is not known: an unknown cost is never shown as nothing. */
export function microUsdOf(price: Price | null, tokensIn: number | null, tokensOut: number | null): number | null {
  if (price === null || tokensIn === null || tokensOut === null) return null;
  // Dollars a million tokens are micro-dollars a token.
  return Math.ceil(tokensIn * price.inputUsd + tokensOut * price.outputUsd);
}
