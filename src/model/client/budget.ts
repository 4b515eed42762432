import type { ModelClient, ModelRequest } from '../../ports/model-client.ts';
import { NO_USAGE } from './openai-compatible.ts';
import { microUsdOf, type Price } from './prices.ts';

export interface Budget {
  /** Cap in millionths of a US dollar for everything together; null for none. Needs a price. */
  readonly costMicroUsdMax: number | null;
  /** Cap in tokens, in and out together; null for none. */
  readonly tokensMax: number | null;
  /** What earlier runs of the workflow have spent already. */
  readonly costMicroUsdUsed: number;
  readonly price: Price | null;
}

/** A generous reading: no tokenizer in use makes more tokens than this of a text. */
const CHARACTERS_PER_TOKEN_MIN = 2;

/**
 * Refuses a call, before it is made, that could pass the cap: the worst case of its prompt and of its full answer is
 * counted. With a cost cap and no known price every call is refused: a cap that cannot be checked does not hold.
 */
export function withBudget(client: ModelClient, budget: Budget): ModelClient {
  let costMicroUsd = budget.costMicroUsdUsed;
  let tokens = 0;
  return {
    name: client.name,
    async generate(request) {
      const worst = worstCase(request, budget.price);
      const reason = overBudget(budget, { tokens: tokens + worst.tokens, costMicroUsd: worst.costMicroUsd === null ? null : costMicroUsd + worst.costMicroUsd });
      if (reason !== null) return { kind: 'failed', failure: 'over-budget', reason, model: client.name, usage: NO_USAGE, durationMs: 0 };
      const answer = await client.generate(request);
      const { usage } = answer;
      // What the provider does not say is counted as if it had all been used.
      tokens += usage.tokensIn === null || usage.tokensOut === null ? worst.tokens : usage.tokensIn + usage.tokensOut;
      costMicroUsd += usage.costMicroUsd ?? worst.costMicroUsd ?? 0;
      return answer;
    },
  };
}

function worstCase(request: ModelRequest, price: Price | null): { tokens: number; costMicroUsd: number | null } {
  const characters = request.system.length + request.prompt.length + (request.schema === null ? 0 : JSON.stringify(request.schema.jsonSchema).length);
  const tokensIn = Math.ceil(characters / CHARACTERS_PER_TOKEN_MIN);
  return { tokens: tokensIn + request.maxOutputTokens, costMicroUsd: microUsdOf(price, tokensIn, request.maxOutputTokens) };
}

function overBudget(budget: Budget, after: { tokens: number; costMicroUsd: number | null }): string | null {
  if (budget.tokensMax !== null && after.tokens > budget.tokensMax) return `this call could bring the workflow to ${after.tokens} tokens; its cap is ${budget.tokensMax}`;
  if (budget.costMicroUsdMax === null) return null;
  if (after.costMicroUsd === null) return 'the workflow has a cost cap, but the price of this model is not known; configure the price or take the cap away';
  if (after.costMicroUsd <= budget.costMicroUsdMax) return null;
  return `this call could bring the workflow to ${showUsd(after.costMicroUsd)}; its cap is ${showUsd(budget.costMicroUsdMax)} (limits.costUsd)`;
}

const showUsd = (microUsd: number): string => `$${(microUsd / 1_000_000).toFixed(4)}`;
