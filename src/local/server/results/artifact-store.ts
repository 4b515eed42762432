// Artifacts of runs: DIR/artifacts/RUN/ID.zip with ID.json beside it.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const artifactSchema = z.object({
  id: z.int(), runId: z.int(), jobId: z.int(), name: z.string(), size: z.int(), digest: z.string(), createdAt: z.string(), finalized: z.boolean(), contentType: z.string(),
});
export type Artifact = z.infer<typeof artifactSchema>;

export class ArtifactStore {
  readonly #dir: string;

  constructor(dir: string) {
    this.#dir = path.join(dir, 'artifacts');
  }

  list(runId: number): Artifact[] {
    const folder = path.join(this.#dir, String(runId));
    if (!existsSync(folder)) return [];
    const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
    return files.map((name) => artifactSchema.parse(JSON.parse(readFileSync(path.join(folder, name), 'utf8')))).toSorted((a, b) => a.id - b.id);
  }

  find(runId: number, name: string): Artifact | null {
    return this.list(runId).find((artifact) => artifact.name === name) ?? null;
  }

  create(artifact: Pick<Artifact, 'id' | 'runId' | 'jobId' | 'name' | 'createdAt'>): Artifact {
    const whole: Artifact = { ...artifact, size: 0, digest: '', finalized: false, contentType: 'application/zip' };
    mkdirSync(path.join(this.#dir, String(artifact.runId)), { recursive: true });
    this.#save(whole);
    writeFileSync(this.file(whole), '');
    return whole;
  }

  /** Takes the uploaded bytes as complete. */
  finalize(artifact: Artifact): Artifact {
    const size = statSync(this.file(artifact)).size;
    const digest = `sha256:${createHash('sha256').update(readFileSync(this.file(artifact))).digest('hex')}`;
    const whole = { ...artifact, size, digest, finalized: true };
    this.#save(whole);
    return whole;
  }

  remove(artifact: Artifact): void {
    rmSync(this.file(artifact), { force: true });
    rmSync(this.#record(artifact), { force: true });
  }

  file(artifact: Pick<Artifact, 'runId' | 'id'>): string {
    return path.join(this.#dir, String(artifact.runId), `${artifact.id}.zip`);
  }

  setContentType(artifact: Artifact, contentType: string): void {
    this.#save({ ...artifact, contentType });
  }

  #record(artifact: Pick<Artifact, 'runId' | 'id'>): string {
    return path.join(this.#dir, String(artifact.runId), `${artifact.id}.json`);
  }

  #save(artifact: Artifact): void {
    writeFileSync(this.#record(artifact), JSON.stringify(artifact));
  }
}
