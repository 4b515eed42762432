import type { LocalRepo } from '../../contract.ts';
import type { FileChange } from '../git/changes.ts';
import type { World } from '../world.ts';
import { apiUrl, htmlUrl } from './repos.ts';

/** One changed file of a commit or pull request. */
export function diffEntry(world: World, repo: LocalRepo, file: FileChange, head: string): Record<string, unknown> {
  const path = encodeURI(file.path);
  return {
    sha: file.oid, filename: file.path, status: file.status, additions: file.additions, deletions: file.deletions, changes: file.additions + file.deletions,
    blob_url: `${htmlUrl(world, repo)}/blob/${head}/${path}`, raw_url: `${htmlUrl(world, repo)}/raw/${head}/${path}`, contents_url: `${apiUrl(world, repo)}/contents/${path}?ref=${head}`,
    ...(file.patch === null ? {} : { patch: file.patch }), ...(file.previousPath === null ? {} : { previous_filename: file.previousPath }),
  };
}
