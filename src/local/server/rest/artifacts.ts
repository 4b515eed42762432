import { pageOf } from '../paging.ts';
import { notFound } from '../reply.ts';
import type { ArtifactStore } from '../results/artifact-store.ts';
import type { Handlers } from '../routes.ts';
import { apiUrl } from '../view/repos.ts';
import { nodeId } from '../view/users.ts';
import { param, repoOf } from '../world.ts';

const RETENTION_MS = 90 * 24 * 3_600_000;

export const artifactHandlers = (artifacts: ArtifactStore): Handlers => ({
  'actions/list-workflow-run-artifacts': (call) => {
    const repo = repoOf(call);
    const run = call.world.state.runs.find((candidate) => candidate.id === Number(param(call, 'run_id')) && candidate.repo === repo.name);
    if (run === undefined) throw notFound();
    const name = call.query.get('name');
    const found = artifacts.list(run.id).filter((artifact) => artifact.finalized && (name === null || artifact.name === name));
    const views = found.map((artifact) => {
      const url = `${apiUrl(call.world, repo)}/actions/artifacts/${artifact.id}`;
      const expires = new Date(Date.parse(artifact.createdAt) + RETENTION_MS).toISOString();
      return {
        id: artifact.id, node_id: nodeId('AR', artifact.id), name: artifact.name, size_in_bytes: artifact.size, url, archive_download_url: `${url}/zip`, expired: false, created_at: artifact.createdAt, updated_at: artifact.createdAt,
        expires_at: expires, digest: artifact.digest, workflow_run: { id: run.id, repository_id: repo.id, head_repository_id: repo.id, head_branch: run.headBranch, head_sha: run.headSha },
      };
    });
    return pageOf(call, views, (page) => ({ total_count: views.length, artifacts: page }));
  },
});
