import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import type { Oid } from '../domain/ids.ts';

/** A bare repository of our own: empty configuration, no hooks, no refs. */
export async function createBareRepository(directory: string): Promise<void> {
  await mkdir(join(directory, 'objects', 'info'), { recursive: true });
  await mkdir(join(directory, 'refs'), { recursive: true });
  await writeFile(join(directory, 'HEAD'), 'ref: refs/heads/none\n');
  await writeFile(join(directory, 'config'), '[core]\n\trepositoryformatversion = 0\n\tbare = true\n');
}

/** A throw-away bare repository that sees the objects of `objects` and none of its configuration, refs or attributes. */
export interface ScratchRepository {
  readonly directory: string;
  writeLoose(oid: Oid, framed: Uint8Array): Promise<void>;
  remove(): Promise<void>;
}

export async function createScratchRepository(objects: string): Promise<ScratchRepository> {
  const directory = await mkdtemp(join(tmpdir(), 'countersign-'));
  await createBareRepository(directory);
  await writeFile(join(directory, 'objects', 'info', 'alternates'), `${quoteAlternate(objects)}\n`);
  return {
    directory,
    async writeLoose(oid, framed) {
      const folder = join(directory, 'objects', oid.slice(0, 2));
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, oid.slice(2)), deflateSync(framed, { level: 1 }));
    },
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}

// One path a line, in C quotes where it holds what would end it or look like a quote.
const quoteAlternate = (path: string): string => (/["\\\n]/u.test(path) ? `"${path.replace(/["\\]/gu, '\\$&').replaceAll('\n', '\\n')}"` : path);
