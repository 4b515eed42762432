import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { warning } from '@actions/core';
import { strToU8, unzipSync, zipSync } from 'fflate';
import { THINK_BYTES_MAX } from '../src/schema/think.ts';

const FILE = 'think.json';
const RETENTION_DAYS = 1;

/** An artifact that is uploaded as it is bears its file's name. */
const archiveOf = (name: string): string => `${name}.zip`;

/** Hands a think job's result to the record job of the same run. Transport only: nothing in it is evidence. */
export async function uploadThought(name: string, thought: unknown, temp: string): Promise<void> {
  const { DefaultArtifactClient } = await import('@actions/artifact');
  const directory = await mkdtemp(join(temp, 'thought-'));
  const archive = join(directory, archiveOf(name));
  await writeFile(archive, zipSync({ [FILE]: strToU8(JSON.stringify(thought)) }));
  // The archive is made here, of one file: the client's own archiver brings half a megabyte of code into the bundle.
  await new DefaultArtifactClient().uploadArtifact(name, [archive], directory, { retentionDays: RETENTION_DAYS, skipArchive: true });
}

/** The bytes of a think job's result, or null when it left none or one that is too large to be read. */
export async function downloadThought(name: string, temp: string): Promise<Uint8Array | null> {
  const { DefaultArtifactClient } = await import('@actions/artifact');
  const client = new DefaultArtifactClient();
  try {
    const { artifact } = await client.getArtifact(archiveOf(name));
    if (artifact.size > THINK_BYTES_MAX) return new Uint8Array(THINK_BYTES_MAX + 1);
    const directory = await mkdtemp(join(temp, 'thought-'));
    // Taken out of its archive here, in memory: an archive may hold paths that lead outside, or far more than it weighs.
    await client.downloadArtifact(artifact.id, { path: directory, skipDecompress: true });
    const [archive = ''] = await readdir(directory);
    return unpackThought(await readFile(join(directory, archive)));
  } catch (error) {
    warning(`The artifact ${name} could not be read: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
}

/** A think job's result out of its archive; one byte more than is read where it is too large. Throws for anything else than such an archive. */
export function unpackThought(archive: Uint8Array): Uint8Array {
  let isTooLarge = false;
  const files = unzipSync(archive, {
    filter: ({ name, originalSize }) => {
      isTooLarge ||= name === FILE && originalSize > THINK_BYTES_MAX;
      return name === FILE && !isTooLarge;
    },
  });
  if (isTooLarge) return new Uint8Array(THINK_BYTES_MAX + 1);
  const bytes = files[FILE];
  if (!bytes) throw new Error(`it holds no ${FILE}`);
  return bytes;
}
