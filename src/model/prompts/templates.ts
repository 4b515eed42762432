import type { Sha256 } from '../../domain/ids.ts';
import type { ModelRequest } from '../../ports/model-client.ts';
import type { HashValue } from '../roles.ts';
import { ARCHITECT_PROMPT } from './architect.ts';
import { PLANNER_PROMPT } from './planner.ts';
import { PROPOSER_PROMPT } from './proposer.ts';
import { REPAIRER_PROMPT } from './repairer.ts';
import { SYSTEM_PROMPT } from './system.ts';
import { TRIAGE_PROMPT } from './triage.ts';

/** The template of every role that asks a model. A role takes its words from here, so that the context hash covers them. */
export const ROLE_TEMPLATES = {
  triage: TRIAGE_PROMPT,
  architect: ARCHITECT_PROMPT,
  planner: PLANNER_PROMPT,
  proposer: PROPOSER_PROMPT,
  repairer: REPAIRER_PROMPT,
} as const;

/** A prompt as a model was sent it. */
export type RenderedPrompt = Pick<ModelRequest, 'system' | 'prompt'>;

/** What a run record calls `promptTemplate`: the words of the system and of the role, before anything is filled in. */
export const templateHash = (template: string, hash: HashValue): Sha256 => hash({ system: SYSTEM_PROMPT, template });

/** What a run record calls `prompt`: the exact words that were sent. Their canonical JSON is what `evidence: full` stores. */
export const promptHash = (rendered: RenderedPrompt, hash: HashValue): Sha256 => hash(renderedPrompt(rendered));

/** What a prompt's hash is the hash of. */
export const renderedPrompt = ({ system, prompt }: RenderedPrompt): RenderedPrompt => ({ system, prompt });

/** The templates that a context is made for; a recipe needs none. `model` is `model.name` of the config. */
export function promptTemplatesFor(model: string, hash: HashValue): readonly { readonly role: string; readonly hash: Sha256 }[] {
  if (model === 'recipe') return [];
  return Object.entries(ROLE_TEMPLATES).map(([role, template]) => ({ role, hash: templateHash(template, hash) }));
}
