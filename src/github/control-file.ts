import { z } from 'zod';

import { inputError } from '../domain/errors.ts';
import type { RepoName } from '../domain/ids.ts';
import { repoParts } from '../schema/github-path.ts';
import { oidSchema } from './answer-schema.ts';
import type { GitHubClient } from './client.ts';
import { blobFields, blobSchema, bytesOfText, readBlob } from './git-blob.ts';

/** The owner's settings, always as they stand on the default branch now. */
export const configField = `config: object(expression: "HEAD:countersign.yml") { __typename ... on Blob { oid ${blobFields} } }`;
export const configSchema = z.union([blobSchema.extend({ oid: oidSchema }), z.object({ __typename: z.string() })]).nullable();

const CONFIG_BYTES_MAX = 1024 * 1024;

/** `countersign.yml` of the default branch, or null when there is none. */
export async function readControlFile(client: GitHubClient, repo: RepoName): Promise<string | null> {
  const text = `query Config($owner: String!, $name: String!) { repository(owner: $owner, name: $name, followRenames: false) { ${configField} } }`;
  const answer = await client.query({ text, variables: repoParts(repo) }, z.object({ repository: z.object({ config: configSchema }) }), `read countersign.yml of ${repo}`);
  return decodeConfig(client, repo, answer.repository.config);
}

/** Turns the answer to `configField` into the file's text. Refuses what is not a small UTF-8 file. */
export async function decodeConfig(client: GitHubClient, repo: RepoName, config: z.infer<typeof configSchema>): Promise<string | null> {
  if (!config) return null;
  if (!('oid' in config)) throw inputError('config-not-a-file', `countersign.yml of ${repo} is not a file.`);
  if (config.byteSize > CONFIG_BYTES_MAX) throw inputError('config-too-large', `countersign.yml of ${repo} has ${config.byteSize} bytes, at most ${CONFIG_BYTES_MAX} are read.`);
  const bytes = bytesOfText(config.oid, config) ?? (await readBlob(client, repo, config.oid));
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw inputError('config-not-text', `countersign.yml of ${repo} is not UTF-8 text.`, error);
  }
}
