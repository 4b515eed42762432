// DIR/requests.jsonl: one line for every request, written before its answer is sent, so that no answered request is missing.
import { closeSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { Permissions } from '../contract.ts';
import type { RequestKind } from './world.ts';

export interface RequestLine {
  readonly at: string;
  readonly method: string;
  /** Path and query; values of signing parameters are left out. */
  readonly path: string;
  /** 0 when a fault dropped the request before it was done. */
  readonly status: number;
  readonly job: string | null;
  readonly token: string | null;
  readonly permissions: Permissions | null;
  readonly kind: RequestKind;
  readonly mutating: boolean;
  readonly repo: string | null;
  readonly durationMs: number;
}

export class RequestLog {
  readonly #descriptor: number;

  constructor(dir: string) {
    this.#descriptor = openSync(path.join(dir, 'requests.jsonl'), 'a', 0o600);
  }

  write(line: RequestLine): void {
    writeSync(this.#descriptor, `${JSON.stringify(line)}\n`);
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

const SIGNING = new Set(['sig', 'token', 'access_token', 'code', 'csrf']);

export function loggedPath(url: URL): string {
  const query = [...url.searchParams].map(([name, value]) => `${name}=${SIGNING.has(name) ? '***' : encodeURIComponent(value)}`);
  return url.pathname + (query.length > 0 ? `?${query.join('&')}` : '');
}
