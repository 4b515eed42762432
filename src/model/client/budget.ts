import type { ModelAnswer, ModelClient, ModelRequest } from '../../ports/model-client.ts';
import { microUsdOf, type Price } from './prices.ts';
import { NO_USAGE } from './provider-client.ts';

/** Caps for a whole workflow, and what earlier runs of it have used. */
export interface Budget {
  /** Millionths of a US dollar; null for none. Needs the price of every model that is asked. */
  readonly costMicroUsdMax: number | null;
  readonly costMicroUsdUsed: number;
  /** In and out together; null for none. */
  readonly tokensMax: number | null;
  readonly tokensUsed: number;
  /** Earlier calls of which nobody said what they used. */
  readonly unknownCalls: number;
}

/** Puts a client, with the price of its model, under the budget. */
export type UnderBudget = (client: ModelClient, price: Price | null) => ModelClient;

/** A generous reading: no tokenizer in use makes more tokens than this of a text. */
const CHARACTERS_PER_TOKEN_MIN = 2;

/**
 * One budget over all models of a workflow. A call that could pass a cap is refused before it is made: the worst case of
 * its prompt and of its full answer is counted. With a cost cap and no known price every call is refused: a cap that
 * cannot be checked does not hold.
 */
export function createBudget(budget: Budget): UnderBudget {
  const used = { tokens: budget.tokensUsed, costMicroUsd: budget.costMicroUsdUsed };
  return (client, price) => ({
    name: client.name,
    async generate(request): Promise<ModelAnswer> {
      const worst = worstCase(request, price);
      // What a provider left open in an earlier job is counted as this call's worst case: a cap must not begin anew with each job.
      const calls = 1 + budget.unknownCalls;
      const reason = overBudget(budget, { tokens: used.tokens + calls * worst.tokens, costMicroUsd: worst.costMicroUsd === null ? null : used.costMicroUsd + calls * worst.costMicroUsd });
      if (reason !== null) return { kind: 'failed', failure: 'over-budget', reason, model: client.name, usage: NO_USAGE, durationMs: 0 };
      const answer = await client.generate(request);
      const { usage } = answer;
      // What the provider does not say is counted as if it had all been used.
      used.tokens += usage.tokensIn === null || usage.tokensOut === null ? worst.tokens : usage.tokensIn + usage.tokensOut;
      used.costMicroUsd += usage.costMicroUsd ?? worst.costMicroUsd ?? 0;
      return answer;
    },
  });
}

function worstCase(request: ModelRequest, price: Price | null): { tokens: number; costMicroUsd: number | null } {
  const characters = request.system.length + request.prompt.length + (request.schema === null ? 0 : JSON.stringify(request.schema.jsonSchema).length);
  const tokensIn = Math.ceil(characters / CHARACTERS_PER_TOKEN_MIN);
  return { tokens: tokensIn + request.maxOutputTokens, costMicroUsd: microUsdOf(price, tokensIn, request.maxOutputTokens) };
}

function overBudget(budget: Budget, after: { tokens: number; costMicroUsd: number | null }): string | null {
  if (budget.tokensMax !== null && after.tokens > budget.tokensMax) return `this call could bring the workflow to ${after.tokens} tokens; its cap is ${budget.tokensMax} (limits.tokens)`;
  if (budget.costMicroUsdMax === null) return null;
  if (after.costMicroUsd === null) return 'the workflow has a cost cap, but what this call would cost is not known; give model.price, or take limits.costUsd away';
  if (after.costMicroUsd <= budget.costMicroUsdMax) return null;
  return `this call could bring the workflow to ${showUsd(after.costMicroUsd)}; its cap is ${showUsd(budget.costMicroUsdMax)} (limits.costUsd)`;
}

const showUsd = (microUsd: number): string => `$${(microUsd / 1_000_000).toFixed(4)}`;
