// `uses:` of a step: the repository's own action, or a built-in stand-in for a third-party one. Nothing is downloaded.
import type { JobSession } from '../job-session.ts';
import type { StepWork } from '../step-frame.ts';
import { restoreCache, saveCache, useCache } from './cache.ts';
import { checkout } from './checkout.ts';
import { runLocalAction } from './local-action.ts';
import { configurePages, deployPages, uploadPagesArtifact } from './pages.ts';
import { setupNode } from './setup-node.ts';
import type { ActionUse, StandIn } from './stand-in.ts';

const STAND_INS: Readonly<Record<string, StandIn>> = {
  'actions/checkout': checkout,
  'actions/setup-node': setupNode,
  'actions/cache': useCache,
  'actions/cache/restore': restoreCache,
  'actions/cache/save': saveCache,
  'actions/configure-pages': configurePages,
  'actions/upload-pages-artifact': uploadPagesArtifact,
  'actions/deploy-pages': deployPages,
};

const FULL_SHA = /^[0-9a-f]{40}$/;

/** Throws an `Error` with a sentence when the action is unknown, or not pinned where it has to be. */
export async function runAction(session: JobSession, use: ActionUse): Promise<StepWork> {
  if (use.uses.startsWith('./')) return runLocalAction(session, use);
  const [name = '', ref = ''] = use.uses.split('@', 2);
  const { repo } = session.request;
  if (session.options.requirePinned?.(repo.name) === true && !FULL_SHA.test(ref)) {
    throw new Error(`The action ${use.uses} is not allowed in ${repo.name} because all actions must be pinned to a full-length commit SHA.`);
  }
  const standIn = Object.hasOwn(STAND_INS, name.toLowerCase()) ? STAND_INS[name.toLowerCase()] : undefined;
  if (standIn === undefined) throw new Error(`The local GitHub has no stand-in for the action ${use.uses}. It knows: ${Object.keys(STAND_INS).join(', ')}.`);
  session.log.line(`${name}: built-in stand-in of the local GitHub`);
  return standIn(session, use);
}
