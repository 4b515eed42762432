import { fileURLToPath } from 'node:url';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { z } from 'zod';

import { runNode } from './child.ts';
import type { BorrowedGitHub } from './ledger-append-github.ts';

/** The peer: a shallow clone with its checkout, one more file, a commit and a push, through isomorphic-git over HTTP. */
export type CloneCost =
  | { readonly kind: 'measured'; readonly ms: number; readonly bytesReceived: number; readonly filesWritten: number; readonly peakResidentBytes: number | null }
  | { readonly kind: 'stopped'; readonly afterSeconds: number }
  /** It ended by itself, without having pushed. */
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'not-tried' };

const PROGRAM = fileURLToPath(new URL('ledger-append-clone-process.ts', import.meta.url));
const outputSchema = z.object({ ms: z.number(), bytesReceived: z.number(), filesWritten: z.number() });

/** Measures it once, in a process of its own that is ended after `secondsMax`. */
export async function appendByClone(remote: BorrowedGitHub['remote'], path: string, secondsMax: number): Promise<CloneCost> {
  const dir = await mkdtemp(join(tmpdir(), 'countersign-bench-clone-'));
  try {
    const run = await runNode(['--max-old-space-size=4096', PROGRAM, remote.url, join(dir, 'clone'), path], { env: { BENCH_TOKEN: remote.token }, secondsMax });
    if (run.stopped) return { kind: 'stopped', afterSeconds: secondsMax };
    const output = outputSchema.safeParse(run.exitCode === 0 ? JSON.parse(run.stdout) : null);
    if (!output.success) return { kind: 'failed', reason: run.lines.findLast(({ text }) => /error/i.test(text))?.text ?? 'it said nothing' };
    return { kind: 'measured', ...output.data, peakResidentBytes: run.peak.residentBytes };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
