import type { TargetWriter, TargetWriterFactory } from '../ports/writers.ts';
import { mintToken, revokeToken, type MintedToken, type MintOptions } from './mint-token.ts';
import { openPullRequest } from './pull-request.ts';
import { applyPatchSet } from './target-commit.ts';

/** Opens a writer for one target repository after the other, each with a token of its own. */
export function createTargetWriterFactory(options: MintOptions): TargetWriterFactory {
  const installations = new Map<string, number>(options.installations);
  return {
    open: async (intent, workflow) => createTargetWriter(options, await mintToken(options, { intent, workflow }, installations)),
  };
}

function createTargetWriter(options: MintOptions, { token, revocable }: MintedToken): TargetWriter {
  const { apiUrl, graphqlUrl, userAgent, clock, random } = options;
  const access = { apiUrl, graphqlUrl, userAgent, clock, random, token };
  const target = { access, lookup: options.lookup(token) };
  // A branch that this very writer has just made has no pull request yet; any other may have one.
  const fresh = new Set<string>();
  return {
    apply: async (intent, workflow, objects) => {
      const { found, ...applied } = await applyPatchSet(target, { intent, workflow }, objects);
      if (!found) fresh.add(`${intent.repo} ${intent.branch}`);
      return applied;
    },
    openPullRequest: (intent, workflow) => openPullRequest(target, { intent, workflow }, !fresh.has(`${intent.repo} ${intent.branch}`)),
    revoke: async () => {
      if (revocable) await revokeToken(access);
    },
  };
}
