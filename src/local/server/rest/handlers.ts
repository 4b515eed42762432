import type { Handlers } from '../routes.ts';
import type { ArtifactStore } from '../results/artifact-store.ts';
import { actionsHandlers } from './actions.ts';
import { appHandlers } from './apps.ts';
import { artifactHandlers } from './artifacts.ts';
import { checkHandlers } from './checks.ts';
import { gitDataHandlers } from './git-data.ts';
import { issueHandlers } from './issues.ts';
import { pullHandlers } from './pulls.ts';
import { refHandlers } from './refs.ts';
import { repoHandlers } from './repos.ts';

/** Every served operation, by GitHub's operation id. */
export const restHandlers = (artifacts: ArtifactStore): Handlers => ({
  ...actionsHandlers, ...appHandlers, ...artifactHandlers(artifacts), ...checkHandlers, ...gitDataHandlers, ...issueHandlers, ...pullHandlers, ...refHandlers, ...repoHandlers,
});
