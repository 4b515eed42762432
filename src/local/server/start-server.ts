// Brings up the local GitHub's server half.
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { inputError, outsideError } from '../../domain/errors.ts';
import type { LocalState, RepoEvent, RunService } from '../contract.ts';
import { Exchange } from './exchange.ts';
import { GitStore } from './git/git-store.ts';
import { openSigner } from './git/signature.ts';
import { RequestLog } from './request-log.ts';
import { gitDirOf } from './seed.ts';
import { StateFile } from './state.ts';
import { TokenBook } from './tokens.ts';
import { notFound } from './reply.ts';
import type { LocalServices, World } from './world.ts';

export interface StartOptions {
  readonly dir: string;
  /** 0: any free port. */
  readonly port: number;
  readonly state: LocalState;
  readonly runs?: RunService;
  /** Names of secrets that are never written to `dir`. */
  readonly unsavedSecrets?: readonly string[];
}
export interface RunningServer {
  readonly services: LocalServices;
  /** `http://github.localhost:PORT`: where a browser goes. */
  readonly url: string;
  close(): Promise<void>;
}

const HOST = '127.0.0.1';

/** Starts to listen on loopback. Throws `port-taken` when something else has the port. */
export async function startServer(options: StartOptions): Promise<RunningServer> {
  const dir = path.resolve(options.dir);
  mkdirSync(dir, { recursive: true });
  const file = new StateFile(dir, options.state, { onFailure: (error) => world.services.onFailure?.(error), unsaved: options.unsavedSecrets ?? [] });
  file.flush();
  const log = new RequestLog(dir);
  const world = createWorld(dir, options, file);
  const exchange = new Exchange(world, log);
  const server = createServer((request, response) => void exchange.serve(request, response));
  server.keepAliveTimeout = 30_000;
  const port = await listen(server, options.port).catch((error: unknown) => {
    log.close();
    throw error;
  });
  Object.assign(world.services.url, { server: `http://github.localhost:${port}`, api: `http://${HOST}:${port}/api/v3`, graphql: `http://${HOST}:${port}/api/graphql`, results: `http://${HOST}:${port}/` });
  return {
    services: world.services,
    url: world.services.url.server,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await exchange.idle();
      await world.services.settled();
      world.closeStores();
      file.close();
      log.close();
    },
  };
}

type OwnWorld = World & { closeStores(): void };

function createWorld(dir: string, options: StartOptions, file: StateFile): OwnWorld {
  const { state } = options;
  const tokens = new TokenBook(state, Date.now);
  const stores = new Map<string, GitStore>();
  let events: Promise<unknown> = Promise.resolve();
  const url = { server: '', api: '', graphql: '', results: '' };
  const services: LocalServices = {
    state, dir, url, runs: options.runs ?? null, violations: [], faults: null, onKill: null, onFailure: null,
    changed: () => file.changed(),
    nextId: () => {
      file.changed();
      return state.nextId++;
    },
    issueJobToken: (job) => tokens.issueJobToken(job),
    revokeJobTokens: (jobId) => tokens.revokeJobTokens(jobId),
    mask: (text) => tokens.mask(text),
    gitDir: (repo) => gitDirOf(dir, repo),
    now: () => new Date().toISOString().replace(/\.\d+Z/, 'Z'),
    pagesUrl: (repo) => `${url.server}/pages/${repo}/`,
    settled: async () => void (await events),
  };
  const emit = (event: RepoEvent): void => {
    // In the state until it is taken: an answer tells that the event will have its effect, even if this process ends first.
    state.events = [...(state.events ?? []), event];
    file.changed();
    events = events.then(async () => {
      if ((await services.runs?.trigger(event)) === 'closing') return;
      state.events = (state.events ?? []).filter((waiting) => waiting !== event);
      file.changed();
    }).catch((error: unknown) => services.violations.push(`runner: ${error instanceof Error ? error.message : String(error)}`));
  };
  const store = (repo: string): GitStore => {
    if (!state.repos.some((known) => known.name === repo)) throw notFound();
    const known = stores.get(repo) ?? new GitStore(gitDirOf(dir, repo));
    stores.set(repo, known);
    return known;
  };
  const closeStores = (): void => {
    for (const open of stores.values()) open.close();
  };
  return { services, state, tokens, persist: () => file.persist(), signer: openSigner(path.join(dir, 'signing-key.pem')), store, emit, closeStores };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') reject(inputError('port-taken', `Port ${port} is taken by another program. Choose another one with --port, or stop that program.`, error));
      else reject(outsideError('listen-failed', `The local GitHub could not listen on ${HOST}:${port}: ${error.message}`, error));
    });
    server.listen(port, HOST, () => resolve(addressOf(server).port));
  });
}

function addressOf(server: Server): AddressInfo {
  const address = server.address();
  if (address === null || typeof address === 'string') throw outsideError('listen-failed', 'The local GitHub has no port.');
  return address;
}
