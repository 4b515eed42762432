import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import type { RunnerOptions } from '../../../src/local/runner/options.ts';
import { inPrepared, type Prepared } from './prepared.ts';
import { inWorld, type World, type WorldOptions } from './world.ts';

// A think job that lies: its artifact is replaced after the job has ended and before the record job reads it.

/** The honest artifact, as text and as a value to be changed. Gives what lies in its place; null: nothing does. */
export type Lie = (honest: { readonly text: string; readonly value: Thought }) => string | Replacement | null;
/** Bytes for the archive as a whole. */
export interface Replacement {
  readonly archive: Uint8Array;
}

/** As much of a think artifact as lies are told about. */
export interface Thought {
  [name: string]: unknown;
  workflow: string;
  repos: { repo: string; baseCommit: string; [name: string]: unknown }[];
  documents: Record<string, Record<string, unknown> | null>;
  proposals: { patchSet: string; repo: string; parts: { format: string; text: string }[] }[];
  calls: unknown[];
}

const FILE = 'think.json';

/** Replaces the artifact's bytes, or removes the artifact, below DIR/artifacts/RUN. */
function replaceArtifact(directory: string, name: string, lie: Lie): void {
  for (const record of readdirSync(directory).filter((file) => file.endsWith('.json'))) {
    const artifact = JSON.parse(readFileSync(join(directory, record), 'utf8')) as { id: number; name: string };
    if (artifact.name !== `${name}.zip`) continue;
    const archive = join(directory, `${artifact.id}.zip`);
    const text = strFromU8(unzipSync(readFileSync(archive))[FILE] ?? new Uint8Array());
    const told = lie({ text, value: JSON.parse(text) as Thought });
    if (told === null) {
      rmSync(archive);
      rmSync(join(directory, record));
      continue;
    }
    const bytes = typeof told === 'string' ? zipSync({ [FILE]: strToU8(told) }) : told.archive;
    writeFileSync(archive, bytes);
    // The results service says of an artifact what it holds: size and digest are those of the lie.
    writeFileSync(join(directory, record), JSON.stringify({ ...artifact, size: bytes.length, digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}` }));
  }
}

export interface Liar {
  /** The next record job of this stage reads the lie; those after it the truth again. */
  tell(stage: 'design' | 'patch', lie: Lie): void;
}

/** A world in which a think job can be made to lie: a new one, or a copy of a prepared one. */
export async function inWorldOfLies(options: WorldOptions | Prepared, scenario: (world: World, liar: Liar) => Promise<void>): Promise<void> {
  const lies = new Map<string, Lie>();
  let dir = '';
  const killStep: RunnerOptions['killStep'] = ({ runId, jobKey, moment }) => {
    const stage = /^record-(design|patch)$/.exec(jobKey)?.[1] ?? '';
    const lie = moment === 'before' ? lies.get(stage) : undefined;
    if (lie) {
      lies.delete(stage);
      replaceArtifact(join(dir, 'artifacts', String(runId)), stage, lie);
    }
    return false;
  };
  const tell = async (world: World): Promise<void> => {
    dir = world.dir;
    await scenario(world, { tell: (stage, lie) => void lies.set(stage, lie) });
    if (lies.size > 0) throw new Error(`nobody read the lie about ${[...lies.keys()].join(', ')}`);
  };
  await (typeof options === 'string' ? inPrepared(options, tell, { killStep }) : inWorld({ ...options, runner: { ...options.runner, killStep } }, tell));
}
