import type { CountersignConfig } from '../src/domain/config.ts';
import type { Job, Ports } from '../src/orchestrator/ports.ts';
import { createRecipeDesigner } from '../src/model/recipe/designer.ts';
import { createRecipeProposer } from '../src/model/recipe/proposer.ts';
import { recipeParsers } from '../src/orchestrator/recipe-parsers.ts';

/** What a model may cost in this workflow, and what it has cost so far; in millionths of a US dollar. */
export interface Spending {
  readonly costMicroUsdUsed: number;
}

/** The designer and the proposer that the config asks for: a provider's model, or the recipe runner without any. */
export async function createRoles({ config, clock }: Job, modelKey: string, { costMicroUsdUsed }: Spending): Promise<Pick<Ports, 'designer' | 'proposer'>> {
  if (config.model.name === 'recipe') return { designer: createRecipeDesigner(recipeParsers), proposer: createRecipeProposer(recipeParsers) };
  const { createModelRoles } = await import('../src/model/create-model-roles.ts');
  const setup = { model: config.model, apiKey: modelKey === '' ? null : modelKey, clock, costMicroUsdMax: capOf(config), costMicroUsdUsed, price: null };
  return createModelRoles(setup, recipeParsers);
}

const capOf = ({ limits }: CountersignConfig): number | null => (limits.costUsd === null ? null : Math.round(limits.costUsd * 1_000_000));
