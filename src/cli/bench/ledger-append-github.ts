import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { RepoName, WorkflowId } from '../../domain/ids.ts';
import { createGitHubClient } from '../../github/client.ts';
import { createGitHubLedgerReader } from '../../github/ledger-reader.ts';
import type { AppendRequest } from '../../ledger/plan-append.ts';
import { addRepo } from '../../local/server/seed.ts';
import { startServer } from '../../local/server/start-server.ts';
import { createState } from '../../local/server/state.ts';
import { systemClock, systemRandom } from '../../system/clock.ts';
import { createGitHubLedgerStore } from '../../write-gate/ledger-store.ts';
import { appendRecords } from './ledger-append-record.ts';

/** What one append cost on GitHub. Times are not given: this GitHub is a model on the same machine. */
export interface GitHubCost {
  readonly requests: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
}

export interface BorrowedGitHub {
  readonly append: (workflow: WorkflowId, request: AppendRequest) => Promise<GitHubCost>;
  /** Where git finds the control repository, and the token that it takes as a password. */
  readonly remote: { readonly url: string; readonly token: string };
  readonly close: () => Promise<void>;
}

const CONTROL: RepoName = 'local/control';

/** A local GitHub whose control repository borrows the objects and the ledger of `gitDir`, and leaves them as they are. */
export async function borrowToGitHub(gitDir: string): Promise<BorrowedGitHub> {
  const dir = await mkdtemp(join(tmpdir(), 'countersign-bench-github-'));
  const state = createState();
  await addRepo(state, dir, { name: CONTROL, defaultBranch: 'ledger' });
  const server = await startServer({ dir, port: 0, state });
  const { services } = server;
  const own = services.gitDir(CONTROL);
  await writeFile(join(own, 'objects', 'info', 'alternates'), `${join(gitDir, 'objects')}\n`);
  await writeFile(join(own, 'refs', 'heads', 'ledger'), await readFile(join(gitDir, 'refs', 'heads', 'ledger')));
  const { token } = services.issueJobToken({ repo: CONTROL, runId: 7, jobId: services.nextId(), workflowFile: 'start.yml', jobKey: 'record', permissions: { contents: 'write' } });
  const access = { apiUrl: services.url.api, graphqlUrl: services.url.graphql, token, userAgent: 'countersign-bench', clock: systemClock, random: systemRandom };
  return {
    async append(workflow, request) {
      const store = createGitHubLedgerStore(createGitHubLedgerReader({ client: createGitHubClient(access), repo: CONTROL }), access, CONTROL);
      const meter = meterRequests();
      try {
        await appendRecords(store, workflow, request);
        return meter.cost();
      } finally {
        meter.stop();
      }
    },
    remote: { url: `${services.url.api.replace(/\/api\/v3$/, '')}/${CONTROL}.git`, token },
    async close() {
      await server.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

// What Node's own HTTP client tells of itself; the server answers through another.
function meterRequests(): { readonly cost: () => GitHubCost; readonly stop: () => void } {
  const counts = { requests: 0, bytesSent: 0, bytesReceived: 0 };
  const lengthOf = (message: unknown): number => (typeof message === 'object' && message !== null && 'chunk' in message && message.chunk instanceof Uint8Array ? message.chunk.byteLength : 0);
  const listeners = {
    'undici:request:create': () => void counts.requests++,
    'undici:request:bodyChunkSent': (message: unknown) => void (counts.bytesSent += lengthOf(message)),
    'undici:request:bodyChunkReceived': (message: unknown) => void (counts.bytesReceived += lengthOf(message)),
  };
  for (const [name, listener] of Object.entries(listeners)) subscribe(name, listener);
  return {
    cost: () => ({ ...counts }),
    stop: () => {
      for (const [name, listener] of Object.entries(listeners)) unsubscribe(name, listener);
    },
  };
}
