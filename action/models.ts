import type { CountersignConfig } from '../src/domain/config.ts';
import type { Job, Ports } from '../src/orchestrator/ports.ts';
import { createRecipeDesigner } from '../src/model/recipe/designer.ts';
import { createRecipeProposer } from '../src/model/recipe/proposer.ts';
import { recipeParsers } from '../src/orchestrator/recipe-parsers.ts';
import type { Spent } from './spent.ts';

/** The designer and the proposer that the config asks for: a provider's model, or the recipe runner without any. */
export async function createRoles({ config, clock, log }: Job, keys: string, spent: Spent): Promise<Pick<Ports, 'designer' | 'proposer'>> {
  if (config.model.name === 'recipe') return { designer: createRecipeDesigner(recipeParsers), proposer: createRecipeProposer(recipeParsers) };
  const { createModelRoles } = await import('../src/model/create-model-roles.ts');
  const budget = { costMicroUsdMax: capOf(config), tokensMax: config.limits.tokens, ...spent };
  return createModelRoles({ model: config.model, keys: keys === '' ? null : keys, clock, log, budget }, recipeParsers);
}

const capOf = ({ limits }: CountersignConfig): number | null => (limits.costUsd === null ? null : Math.round(limits.costUsd * 1_000_000));
