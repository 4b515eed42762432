import { createHash } from 'node:crypto';

import { z } from 'zod';

import { outsideError } from '../domain/errors.ts';
import type { Oid, RepoName } from '../domain/ids.ts';
import { repoPath } from '../schema/github-path.ts';
import type { GitHubClient } from './client.ts';

/** A blob as GraphQL shows it: text, if it is text and was not cut. */
export const blobFields = 'byteSize isBinary isTruncated text';
export const blobSchema = z.object({ byteSize: z.int().nonnegative(), isBinary: z.boolean().nullable(), isTruncated: z.boolean(), text: z.string().nullable() });
export type BlobAnswer = z.infer<typeof blobSchema>;


/** The git object id of a blob with these bytes. */
export function blobOid(bytes: Uint8Array): Oid {
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

/** The bytes of a blob whose text came with a query, or null when that text is cut, missing, or not byte for byte the blob's. */
export function bytesOfText(oid: Oid, { isTruncated, text }: BlobAnswer): Uint8Array | null {
  if (isTruncated || text === null) return null;
  const bytes = new TextEncoder().encode(text);
  return blobOid(bytes) === oid ? bytes : null;
}

const restBlobSchema = z.object({ sha: z.string(), encoding: z.literal('base64'), content: z.string() });

/** Reads a blob of any content, by its id. One request. */
export async function readBlob(client: GitHubClient, repo: RepoName, oid: Oid): Promise<Uint8Array> {
  const { content } = await client.get(repoPath(repo, 'git', 'blobs', oid), restBlobSchema, `read blob ${oid} of ${repo}`);
  const bytes = Uint8Array.from(Buffer.from(content, 'base64'));
  if (blobOid(bytes) !== oid) throw outsideError('github-answer', `GitHub sent other bytes than blob ${oid} of ${repo}. Try again.`);
  return bytes;
}
