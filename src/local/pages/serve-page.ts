import type { Reply } from '../server/reply.ts';
import type { ArtifactStore } from '../server/results/artifact-store.ts';
import type { Call } from '../server/world.ts';

export interface PageCall {
  readonly call: Call;
  readonly artifacts: ArtifactStore;
  readonly method: string;
  readonly cookies: string;
  readonly origin: string | null;
}

export function servePage(page: PageCall): Promise<Reply> {
  return Promise.resolve({ status: 404, raw: { type: 'text/plain', bytes: page.method } });
}
