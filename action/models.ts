import type { Job, Ports } from '../src/orchestrator/ports.ts';
import { createRecipeDesigner } from '../src/model/recipe/designer.ts';
import { createRecipeProposer } from '../src/model/recipe/proposer.ts';
import { recipeParsers } from '../src/orchestrator/recipe-parsers.ts';
import type { SpentByRole } from './spent.ts';

/** The designer and the proposer that the config asks for: a provider's model, or the recipe runner without any. */
export async function createRoles({ config, clock, log }: Job, keys: string, { byRole, ...spent }: SpentByRole): Promise<Pick<Ports, 'designer' | 'proposer'>> {
  if (config.model.name === 'recipe' && Object.keys(config.model.roles).length > 0) log('model     model.roles is set, but model.name is recipe: no model is asked. Name one in model.name.');
  if (config.model.name === 'recipe') return { designer: createRecipeDesigner(recipeParsers), proposer: createRecipeProposer(recipeParsers) };
  const { createModelRoles, microUsdOfCap } = await import('../src/model/create-model-roles.ts');
  const budget = { costMicroUsdMax: microUsdOfCap(config.limits.costUsd), tokensMax: config.limits.tokens, ...spent };
  return createModelRoles({ model: config.model, keys: keys === '' ? null : keys, clock, log, budget, spentByRole: byRole }, recipeParsers);
}
