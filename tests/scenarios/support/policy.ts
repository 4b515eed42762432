import { parse, stringify } from 'yaml';
import { CONTROL_REPO } from '../../../src/cli/up/seed.ts';
import type { World } from './world.ts';

/** Somebody pushes other settings to countersign.yml on the control repo's main. Gives the file as it was before. */
export async function changePolicy(world: World, members: Readonly<Record<string, unknown>> = { policy: { 'licence-files': 'WARN' } }): Promise<string> {
  const before = await world.git(CONTROL_REPO, 'show', 'main:countersign.yml');
  const config: unknown = parse(before);
  if (typeof config !== 'object' || config === null) throw new Error('countersign.yml is no mapping');
  await world.commitFile(CONTROL_REPO, { branch: 'main', path: 'countersign.yml', content: stringify({ ...config, ...members }) });
  return before;
}

/** ... and puts them back. */
export async function restorePolicy(world: World, before: string): Promise<void> {
  await world.commitFile(CONTROL_REPO, { branch: 'main', path: 'countersign.yml', content: `${before}\n` });
}
