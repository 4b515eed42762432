import { join } from 'node:path';
import { expect } from 'vitest';
import { filesHolding } from './find-text.ts';
import { smallIssue } from './issues.ts';
import { lineChanger, startModelServer, type ModelServer, type Script } from './model-server.ts';
import { inWorld, type World, type WorldOptions } from './world.ts';

/** The model's key in these worlds: no text but a leak can hold it. */
export const KEY = 'sk-scenario-3b1f0c9d7a5e4862b0aa';

/** The one line that these models change. */
export const CHANGE = { repo: 'local/api', path: 'docs/errors.md', find: /`RateLimitError`/ };

/** A model that does its work. */
export const works = lineChanger({ ...CHANGE, replace: (line) => line.replace('the last try', 'the last of three tries') });

/**
 * A world whose think jobs ask a model, for an issue without criteria and without a change. Ends with the invariants, and
 * with the key being nowhere but in the local GitHub's own state.
 */
export async function withModel(script: Script, scenario: (world: World, model: ModelServer) => Promise<void>, config: WorldOptions['config'] = {}): Promise<void> {
  const model = await startModelServer(script);
  const options: WorldOptions = {
    targets: ['local/api'],
    issue: smallIssue({ acceptance: [], change: '' }),
    config: { model: { name: 'openai-compatible/test', url: model.url }, ...config },
    prepare: (state) => {
      for (const repo of state.repos) if (repo.name === 'local/control') repo.secrets['COUNTERSIGN_MODEL_KEY'] = KEY;
    },
  };
  try {
    await inWorld(options, async (world) => {
      await scenario(world, model);
      await world.assertInvariants();
      expect(await filesHolding(world.dir, KEY)).toEqual([join(world.dir, 'state.json')]);
    });
  } finally {
    await model.close();
  }
}
