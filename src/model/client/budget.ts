import type { ModelRole } from '../../domain/config.ts';
import type { ModelAnswer, ModelClient, ModelRequest, ModelUsage } from '../../ports/model-client.ts';
import { microUsdOf, type Price } from './prices.ts';
import { NOTHING_USED } from './provider-client.ts';

/** What earlier calls have used. */
export interface Spent {
  /** Millionths of a US dollar. */
  readonly costMicroUsdUsed: number;
  /** In and out together. */
  readonly tokensUsed: number;
  /** Calls of which nobody said what they used, answered or not: one that timed out may have been paid for. */
  readonly unknownCalls: number;
}

/** Caps of a whole workflow or of one role in it, and what was used before. */
export interface Budget extends Spent {
  /** Millionths of a US dollar; null for none. Needs the price of every model that is asked. */
  readonly costMicroUsdMax: number | null;
  /** In and out together; null for none. */
  readonly tokensMax: number | null;
}

/** A role's own budget, and where in countersign.yml stands what its calls depend on. */
export interface RoleBudget extends Budget {
  readonly role: ModelRole;
  readonly priceKey: string;
  readonly outputKey: string;
}

/** Puts a client, with the price of its model, under the budget of the workflow and of its role. */
export type UnderBudget = (client: ModelClient, price: Price | null, role?: RoleBudget) => ModelClient;

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
  const workflow = createPurse(budget, { whose: 'the workflow', costKey: 'limits.costUsd', tokensKey: 'limits.tokens' });
  return (client, price, role) => {
    const { priceKey, outputKey } = role ?? { priceKey: 'model.price', outputKey: 'model.maxOutputTokens' };
    const purses = role === undefined ? [workflow] : [createPurse(role, { whose: `the ${role.role}`, costKey: `model.roles.${role.role}.costUsd`, tokensKey: `model.roles.${role.role}.tokens` }), workflow];
    return {
      name: client.name,
      async generate(request): Promise<ModelAnswer> {
        const call: Call = { ...worstCase(request, price), model: client.name, price, priceKey, outputKey };
        const reason = purses.map((purse) => purse.refusal(call)).find((each) => each !== null);
        if (reason !== undefined) return { kind: 'failed', failure: 'over-budget', reason, model: client.name, usage: NOTHING_USED, durationMs: 0 };
        for (const purse of purses) purse.hold(call);
        const answer = await client.generate(request);
        for (const purse of purses) purse.settle(call, answer.usage);
        return answer;
      },
    };
  };
}

interface Worst {
  readonly tokens: number;
  /** Null: the price is not known, or not for a prompt of this length. */
  readonly costMicroUsd: number | null;
}

interface Call extends Worst {
  readonly model: string;
  readonly price: Price | null;
  readonly priceKey: string;
  readonly outputKey: string;
}

interface Purse {
  /** Why this call may not be made, or null. */
  refusal(call: Call): string | null;
  /** Counts it as if it would all be used, so that a call beside it cannot count on the same room. */
  hold(call: Call): void;
  /** Gives back what was not used. Where the provider does not say, all of it stands. */
  settle(call: Call, usage: ModelUsage): void;
}

interface Labels {
  readonly whose: string;
  readonly costKey: string;
  readonly tokensKey: string;
}

function createPurse(budget: Budget, labels: Labels): Purse {
  const used = { tokens: budget.tokensUsed, costMicroUsd: budget.costMicroUsdUsed };
  // What a provider left open in an earlier job is counted as this call's worst case: a cap must not begin anew with each job.
  const calls = 1 + budget.unknownCalls;
  return {
    refusal: (call) => overBudget(budget, labels, { ...call, tokens: used.tokens + calls * call.tokens, costMicroUsd: call.costMicroUsd === null ? null : used.costMicroUsd + calls * call.costMicroUsd }),
    hold({ tokens, costMicroUsd }) {
      used.tokens += tokens;
      used.costMicroUsd += costMicroUsd ?? 0;
    },
    settle({ tokens, costMicroUsd }, usage) {
      if (usage.tokensIn !== null && usage.tokensOut !== null) used.tokens += usage.tokensIn + usage.tokensOut - tokens;
      if (usage.costMicroUsd !== null) used.costMicroUsd += usage.costMicroUsd - (costMicroUsd ?? 0);
    },
  };
}

function worstCase(request: ModelRequest, price: Price | null): Worst {
  const tokensIn = [request.system, request.prompt, request.schema === null ? '' : JSON.stringify(request.schema.jsonSchema)].reduce((sum, text) => sum + tokensMax(text), 0);
  return { tokens: tokensIn + request.maxOutputTokens, costMicroUsd: microUsdOf(price, tokensIn, request.maxOutputTokens) };
}

/** `after`: what it would come to. */
function overBudget(budget: Budget, { whose, costKey, tokensKey }: Labels, after: Call): string | null {
  const wayOut = `raise it, or lower context.budgetBytes or ${after.outputKey}`;
  if (budget.tokensMax !== null && after.tokens > budget.tokensMax) return `this call could bring ${whose} to ${after.tokens} tokens; its cap is ${budget.tokensMax} (${tokensKey}); ${wayOut}`;
  if (budget.costMicroUsdMax === null) return null;
  if (after.costMicroUsd === null && after.price !== null) return `${whose} has a cost cap (${costKey}), and the price of ${after.model} is known for prompts of at most ${after.price.inputTokensMax} tokens, which this one could pass; lower context.budgetBytes, or give ${after.priceKey}`;
  if (after.costMicroUsd === null) return `${whose} has a cost cap (${costKey}), but the price of ${after.model} is not known; give ${after.priceKey}, or take the cap away`;
  if (after.costMicroUsd <= budget.costMicroUsdMax) return null;
  return `this call could bring ${whose} to ${showUsd(after.costMicroUsd)}; its cap is ${showUsd(budget.costMicroUsdMax)} (${costKey}); ${wayOut}`;
}

/** To the cent, and as far as it takes to see what is less. */
const showUsd = (microUsd: number): string => `$${(microUsd / 1_000_000).toFixed(6).replace(/0{1,4}$/, '')}`;
