import type { Oid, RepoName } from '../domain/ids.ts';
import type { ScratchStore } from './objects.ts';

/** Brings one pinned commit (depth 1, nothing executed, no filters, no submodules) and opens a scratch store over it. */
export interface RepoReader {
  open(repo: RepoName, commit: Oid): Promise<ScratchStore>;
}
