import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';

const line = z.object({ method: z.string(), path: z.string(), status: z.number(), kind: z.string(), mutating: z.boolean(), repo: z.string().nullable(), token: z.string().nullable(), job: z.string().nullable() });

/** What the request log says of a run. */
export interface RequestFigures {
  /** API requests (REST and GraphQL) that jobs made, with whichever token. */
  readonly requests: number;
  /** The same, by the job that made them. */
  readonly byJob: Readonly<Record<string, number>>;
  /** Mutating requests to a target repository before the last approval. Anything but 0 is a defect. */
  readonly writesBeforeApproval: number;
}

/** Reads DIR/requests.jsonl. A person's own reviews and dispatches are not the product's requests. */
export async function readRequestFigures(dir: string, targets: readonly string[], isApproved: boolean): Promise<RequestFigures> {
  const byJob: Record<string, number> = {};
  let [requests, writes, writesAtLastReview] = [0, 0, 0];
  for await (const text of createInterface({ input: createReadStream(join(dir, 'requests.jsonl')) })) {
    if (text.trim() === '') continue;
    const entry = line.parse(JSON.parse(text));
    if (isReview(entry)) writesAtLastReview = writes;
    if (entry.mutating && entry.status < 400 && isTarget(entry.repo, targets)) writes += 1;
    if ((entry.kind !== 'rest' && entry.kind !== 'graphql') || entry.token === 'person') continue;
    requests += 1;
    const job = entry.job?.replace(/#.*$/, '') ?? 'read token';
    byJob[job] = (byJob[job] ?? 0) + 1;
  }
  return { requests, byJob, writesBeforeApproval: isApproved ? writesAtLastReview : writes };
}

const isTarget = (repo: string | null, targets: readonly string[]): boolean => repo !== null && targets.some((target) => target.toLowerCase() === repo.toLowerCase());
const isReview = ({ method, path, status }: z.infer<typeof line>): boolean => method === 'POST' && status < 400 && (/\/actions\/runs\/\d+\/pending_deployments$/.test(path) || /^\/[^/]+\/[^/]+\/actions\/runs\/\d+\/[a-z-]*review/.test(path));
