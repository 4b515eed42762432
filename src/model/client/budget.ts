import type { ModelAnswer, ModelClient, ModelRequest } from '../../ports/model-client.ts';
import { microUsdOf, type Price } from './prices.ts';
import { NOTHING_USED } from './provider-client.ts';

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

/**
 * A generous reading of a text's tokens: two letters to one, and every digit, every sign and every byte of what is not
 * ASCII one of its own, as tokenizers make them that know no better. Text in words and code come to about half of it.
 */
function tokensMax(text: string): number {
  const alone = Buffer.byteLength(text.replaceAll(/[A-Za-z\s]+/g, ''));
  return alone + Math.ceil((Buffer.byteLength(text) - alone) / 2);
}

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
      const reason = overBudget(budget, price, { tokens: used.tokens + calls * worst.tokens, costMicroUsd: worst.costMicroUsd === null ? null : used.costMicroUsd + calls * worst.costMicroUsd });
      if (reason !== null) return { kind: 'failed', failure: 'over-budget', reason, model: client.name, usage: NOTHING_USED, durationMs: 0 };
      // Counted as if it would all be used, so that a call beside it cannot count on the same room.
      used.tokens += worst.tokens;
      used.costMicroUsd += worst.costMicroUsd ?? 0;
      const answer = await client.generate(request);
      const { usage } = answer;
      // Where the provider does not say what was used, that stands.
      if (usage.tokensIn !== null && usage.tokensOut !== null) used.tokens += usage.tokensIn + usage.tokensOut - worst.tokens;
      if (usage.costMicroUsd !== null) used.costMicroUsd += usage.costMicroUsd - (worst.costMicroUsd ?? 0);
      return answer;
    },
  });
}

function worstCase(request: ModelRequest, price: Price | null): { tokens: number; costMicroUsd: number | null } {
  const tokensIn = [request.system, request.prompt, request.schema === null ? '' : JSON.stringify(request.schema.jsonSchema)].reduce((sum, text) => sum + tokensMax(text), 0);
  return { tokens: tokensIn + request.maxOutputTokens, costMicroUsd: microUsdOf(price, tokensIn, request.maxOutputTokens) };
}

function overBudget(budget: Budget, price: Price | null, after: { tokens: number; costMicroUsd: number | null }): string | null {
  if (budget.tokensMax !== null && after.tokens > budget.tokensMax) return `this call could bring the workflow to ${after.tokens} tokens; its cap is ${budget.tokensMax} (limits.tokens)${WAY_OUT}`;
  if (budget.costMicroUsdMax === null) return null;
  if (after.costMicroUsd === null && price !== null) return `the workflow has a cost cap, and the price of this model is known for prompts of at most ${price.inputTokensMax} tokens, which this one could pass; lower context.budgetBytes, or give model.price`;
  if (after.costMicroUsd === null) return 'the workflow has a cost cap, but what this call would cost is not known; give model.price, or take limits.costUsd away';
  if (after.costMicroUsd <= budget.costMicroUsdMax) return null;
  return `this call could bring the workflow to ${showUsd(after.costMicroUsd)}; its cap is ${showUsd(budget.costMicroUsdMax)} (limits.costUsd)${WAY_OUT}`;
}

const WAY_OUT = '; raise it, or lower context.budgetBytes or model.maxOutputTokens';
const showUsd = (microUsd: number): string => `$${(microUsd / 1_000_000).toFixed(4)}`;
