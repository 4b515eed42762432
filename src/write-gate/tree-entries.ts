import { z } from 'zod';

import { refusedError } from '../domain/errors.ts';
import type { Change } from '../domain/change-set.ts';
import type { Oid, RepoName } from '../domain/ids.ts';
import type { ScratchStore } from '../ports/objects.ts';
import { repoPath } from '../schema/github-path.ts';
import { oidSchema } from './fields.ts';
import { mutateTo, type MutationAccess } from './mutate.ts';

/** One entry of `POST git/trees`. */
export type TreeEntryBody =
  | { readonly path: string; readonly mode: string; readonly type: 'blob'; readonly content: string }
  | { readonly path: string; readonly mode: string; readonly type: 'blob'; readonly sha: Oid | null };

/** Text up to this many bytes, all files together, travels inside the tree request; the rest as blobs of their own. */
const INLINE_BYTES_MAX = 4 * 1024 * 1024;

export interface BlobSource {
  readonly access: MutationAccess;
  readonly repo: RepoName;
  readonly objects: Pick<ScratchStore, 'readBlob'>;
}

/** The tree entries that turn the base tree into the result tree. Uploads only what cannot travel as text. */
export async function treeEntries(source: BlobSource, changes: readonly Change[]): Promise<TreeEntryBody[]> {
  // What the base already holds is in the target repository: a pure mode change or a move uploads nothing.
  const known = new Set(changes.flatMap(({ oldBlob }) => (oldBlob === null ? [] : [oldBlob])));
  const entries: TreeEntryBody[] = [];
  let inlineBytes = 0;
  for (const { path, newMode, newBlob, oldMode } of changes) {
    const entry = { path, mode: newMode ?? oldMode ?? '100644', type: 'blob' } as const;
    if (newBlob === null || known.has(newBlob)) {
      entries.push({ ...entry, sha: newBlob });
      continue;
    }
    const bytes = await source.objects.readBlob(newBlob);
    const text = inlineBytes + bytes.length <= INLINE_BYTES_MAX ? asPlainText(bytes) : null;
    inlineBytes += text === null ? 0 : bytes.length;
    entries.push(text === null ? { ...entry, sha: await uploadBlob(source, newBlob, bytes) } : { ...entry, content: text });
    if (text === null) known.add(newBlob);
  }
  return entries;
}

/** The text whose UTF-8 is exactly these bytes, or null. NUL counts as binary. */
export function asPlainText(bytes: Uint8Array): string | null {
  if (bytes.includes(0)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

async function uploadBlob({ access, repo }: BlobSource, blob: Oid, bytes: Uint8Array): Promise<Oid> {
  const body = { content: Buffer.from(bytes).toString('base64'), encoding: 'base64' };
  const mutation = { method: 'POST', path: repoPath(repo, 'git', 'blobs'), body, doing: `store blob ${blob} in ${repo}`, repeatable: true } as const;
  const stored = await mutateTo(access, mutation, { status: 201, schema: z.object({ sha: oidSchema }) });
  if (stored.sha !== blob) throw refusedError('blob-differs', `GitHub stored blob ${stored.sha} in ${repo}, the approved one is ${blob}. Nothing was put on a branch.`);
  return blob;
}
