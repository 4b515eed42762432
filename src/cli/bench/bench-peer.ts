import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { outsideError } from '../../domain/errors.ts';

const PEERS = join(import.meta.dirname, '..', '..', '..', 'scripts', 'bench-peers', 'context');

/** The start script of a peer, installed from its own lockfile when it is not there yet: it is no part of the product. */
export async function installPeer(path: string, say: (line: string) => void): Promise<string> {
  const script = join(PEERS, 'node_modules', path);
  if (existsSync(script)) return script;
  say('installing the peers that are measured beside us (scripts/bench-peers/context)');
  const npm = spawn('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: PEERS, stdio: 'ignore' });
  const code = await new Promise<number | null>((resolve) => {
    npm.once('error', () => resolve(null));
    npm.once('close', resolve);
  });
  if (code !== 0 || !existsSync(script)) throw outsideError('no-peer', `The peer could not be installed in ${PEERS}. Is the npm registry reachable? Try: npm ci --prefix scripts/bench-peers/context`);
  return script;
}
