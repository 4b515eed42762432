import { z } from 'zod';

import type { TargetLookup } from '../ports/github-lookup.ts';
import { repoParts, repoPath } from '../schema/github-path.ts';
import { oidSchema } from './answer-schema.ts';
import type { GitHubClient } from './client.ts';

const refSchema = z.object({ object: z.object({ type: z.string(), sha: oidSchema }) });
const commitSchema = z.object({
  sha: oidSchema,
  tree: z.object({ sha: oidSchema }),
  parents: z.array(z.object({ sha: oidSchema })),
  message: z.string(),
  verification: z.object({ verified: z.boolean() }).optional(),
});
const pullSchema = z.object({
  number: z.int().positive(),
  html_url: z.string(),
  state: z.enum(['open', 'closed']),
  merged_at: z.string().nullish(),
  head: z.object({ sha: oidSchema, ref: z.string(), repo: z.object({ full_name: z.string() }).nullish() }),
  base: z.object({ ref: z.string() }),
});

/** What the write gate looks up before it writes again, read with the client's token. */
export function createTargetLookup(client: GitHubClient): TargetLookup {
  return {
    findBranch: async (repo, branch) => {
      const doing = `read the branch ${branch} of ${repo}`;
      const ref = await client.find(`${repoPath(repo, 'git', 'ref', 'heads')}/${branch.split('/').map(encodeURIComponent).join('/')}`, refSchema, doing);
      if (!ref) return null;
      const commit = await client.get(repoPath(repo, 'git', 'commits', ref.object.sha), commitSchema, doing);
      const { sha, tree, parents, message, verification } = commit;
      return { commit: sha, tree: tree.sha, parents: parents.map((parent) => parent.sha), message, verified: verification?.verified ?? false };
    },
    findPullRequests: async (repo, branch) => {
      const head = `${repoParts(repo).owner}:${branch}`;
      const pulls = await client.get(`${repoPath(repo, 'pulls')}?state=all&head=${encodeURIComponent(head)}&per_page=100`, z.array(pullSchema), `look for pull requests of ${branch} in ${repo}`);
      // The filter is by owner and branch only: a fork's branch of the same name must not pass for ours.
      const own = pulls.filter((pull) => pull.head.ref === branch && pull.head.repo?.full_name.toLowerCase() === repo.toLowerCase());
      return own.map((pull) => ({ number: pull.number, url: pull.html_url, head: pull.head.sha, baseBranch: pull.base.ref, state: pull.merged_at ? 'merged' : pull.state }));
    },
    findInstallation: async (repo) => {
      const { id } = await client.get(repoPath(repo, 'installation'), z.object({ id: z.int().positive() }), `find the App's installation on ${repo}`);
      return id;
    },
  };
}
