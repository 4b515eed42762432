import { spawn } from 'node:child_process';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { outsideError } from '../../../domain/errors.ts';

const FOLDER = join(import.meta.dirname, '..', '..', '..', '..', 'scripts', 'bench-peers', 'policy');
const path = z.string().nullable();
const answers = z.object({
  parsers: z.array(z.object({ tool: z.string(), answers: z.array(z.object({ refused: z.string().nullable(), files: z.array(z.object({ old: path, new: path, oldMode: path, newMode: path })) })) })),
  secretlint: z.array(z.number()),
});

/** What the peers make of patches, and how many secrets secretlint alone finds in texts. */
export type PeerAnswers = z.infer<typeof answers>;

/** Asks the peers in a process of their own. They are installed the first time, from the lockfile in scripts/bench-peers/policy. */
export async function askPeers(input: { readonly patches: readonly string[]; readonly texts: readonly string[] }, say: (line: string) => void): Promise<PeerAnswers> {
  const isThere = await access(join(FOLDER, 'node_modules')).then(() => true, () => false);
  if (!isThere) {
    say('installing the peers (scripts/bench-peers/policy)');
    await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], '');
  }
  return answers.parse(JSON.parse(await run(process.execPath, ['peers.mjs'], JSON.stringify(input))));
}

async function run(command: string, args: readonly string[], input: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const failed = (why: string): void => reject(outsideError('peers-failed', `The peers of the benchmark cannot be run (${command}: ${why}). Check the network and run it again.`));
    const child = spawn(command, args, { cwd: FOLDER, stdio: ['pipe', 'pipe', 'inherit'] });
    const parts: Buffer[] = [];
    child.stdout.on('data', (part: Buffer) => parts.push(part));
    child.on('error', (error) => failed(error.message));
    child.on('close', (code) => (code === 0 ? resolve(Buffer.concat(parts).toString('utf8')) : failed(`exit code ${code}`)));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}
