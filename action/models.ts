import type { CountersignConfig } from '../src/domain/config.ts';
import type { Ports } from '../src/orchestrator/ports.ts';
import { createRecipeDesigner } from '../src/model/recipe/designer.ts';
import { createRecipeProposer } from '../src/model/recipe/proposer.ts';
import { recipeParsers } from '../src/orchestrator/recipe-parsers.ts';

/** The designer and the proposer that the config asks for: a provider's model, or the recipe runner without any. */
export async function createRoles(config: CountersignConfig, modelKey: string): Promise<Pick<Ports, 'designer' | 'proposer'>> {
  if (config.model.name === 'recipe') return { designer: createRecipeDesigner(recipeParsers), proposer: createRecipeProposer(recipeParsers) };
  throw new TypeError(modelKey);
}
