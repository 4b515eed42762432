import { startTestServer, type TestServer } from '../../src/local/server/test-server.ts';
import type { Permissions } from '../../src/local/contract.ts';
import { createGitHubClient, type GitHubClient } from '../../src/github/client.ts';
import { createGitHubLedgerReader } from '../../src/github/ledger-reader.ts';
import type { LedgerStore } from '../../src/ports/ledger-store.ts';
import type { Clock, Random } from '../../src/ports/clock.ts';
import { createGitHubLedgerStore } from '../../src/write-gate/ledger-store.ts';
import type { MutationAccess } from '../../src/write-gate/mutate.ts';
import { fakeClock, fakeRandom } from '../support/loopback-server.ts';

export const CONTROL = 'local/control';
export const TARGET = 'local/api';

export { startTestServer, type TestServer };

export type Connection = Pick<MutationAccess, 'apiUrl' | 'graphqlUrl' | 'token'>;
type Time = { readonly clock: Clock; readonly random: Random };

/** The adapters' view of the local GitHub, over real HTTP, with the token of a job that has these permissions. */
export function accessOf(server: TestServer, permissions: Permissions, repo = CONTROL): MutationAccess {
  const { api, graphql } = server.services.url;
  return access({ apiUrl: api, graphqlUrl: graphql, token: server.job(permissions, repo).token });
}

export const access = (connection: Connection, time: Time = { clock: fakeClock(), random: fakeRandom }): MutationAccess => ({ ...connection, ...time, userAgent: 'countersign-test' });

export const clientOf = (server: TestServer, permissions: Permissions, repo = TARGET): GitHubClient => createGitHubClient(accessOf(server, permissions, repo));

/** The GitHub ledger store, as the action wires it. */
export function openLedgerStore(connection: MutationAccess): LedgerStore {
  const reader = createGitHubLedgerReader({ client: createGitHubClient(connection), repo: CONTROL });
  return createGitHubLedgerStore(reader, connection, CONTROL);
}
