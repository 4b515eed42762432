import { createServer, type IncomingMessage, type Server } from 'node:http';

import type { Clock, Random } from '../../src/ports/clock.ts';

export interface LoopbackRequest {
  readonly method: string;
  /** Decoded path, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly token: string;
  readonly body: unknown;
}

export interface LoopbackAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** `before`: the connection breaks and nothing was done. `after`: it was done, and the answer is lost. A number: that status instead of doing it. */
export type Fault = 'before' | 'after' | number;

export interface Loopback {
  readonly url: string;
  readonly requests: LoopbackRequest[];
  /** Breaks the request with this index (0-based, over all requests). */
  readonly faults: Map<number, Fault>;
  close(): Promise<void>;
}

/** A loopback HTTP server that answers by a function, remembers every request and breaks those it is told to. */
export async function startLoopback(answer: (request: LoopbackRequest) => LoopbackAnswer | Promise<LoopbackAnswer>): Promise<Loopback> {
  const requests: LoopbackRequest[] = [];
  const faults = new Map<number, Fault>();
  const server = createServer((incoming, response) => {
    void (async () => {
      const request = await readRequest(incoming);
      const fault = faults.get(requests.push(request) - 1);
      if (fault === 'before') return incoming.socket.destroy();
      const { status, body, headers = {} } = typeof fault === 'number' ? { status: fault, body: { message: 'Injected failure' } } : await answer(request);
      if (fault === 'after') return incoming.socket.destroy();
      response.writeHead(status, { 'content-type': 'application/json', connection: 'close', ...headers });
      return response.end(status === 204 ? undefined : JSON.stringify(body ?? null));
    })().catch((error: unknown) => response.writeHead(500).end(JSON.stringify({ message: `The test server failed: ${String(error)}` })));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${portOf(server)}`, requests, faults, close: () => closeServer(server) };
}

async function readRequest(incoming: IncomingMessage): Promise<LoopbackRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
  const text = Buffer.concat(chunks).toString('utf8');
  const url = new URL(incoming.url ?? '/', 'http://loopback');
  return {
    method: incoming.method ?? '',
    path: decodeURIComponent(url.pathname),
    query: url.searchParams,
    token: (incoming.headers.authorization ?? '').replace(/^Bearer /, ''),
    body: text === '' ? null : JSON.parse(text),
  };
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The loopback server has no port.');
  return address.port;
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

/** A clock that stands still and remembers how long it was asked to sleep. */
export function fakeClock(): Clock & { readonly sleptMs: number[] } {
  const sleptMs: number[] = [];
  return {
    sleptMs,
    now: () => '2026-11-22T22:00:00Z',
    monotonicMs: () => 0,
    sleep: (ms) => {
      sleptMs.push(ms);
      return Promise.resolve();
    },
  };
}

export const fakeRandom: Random = { fraction: () => 0.5, hex: (size) => '0'.repeat(size * 2) };
