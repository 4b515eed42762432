// Makes a checkout ready to run: Node 24 or newer, and the packages of the lockfile. Quick when there is nothing to do.
// Plain JavaScript without dependencies, because it runs on whatever Node (18 or newer) the machine has.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NODE_MAJOR_MIN = 24;
const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const TOOLCHAIN = join(ROOT, 'scripts', 'toolchain');

/** Prepares the checkout. Returns the path of a Node binary that is new enough. Ends the process with a sentence if it cannot. */
export function setup() {
  const node = ensureNode();
  installIfChanged(ROOT, node, 'the packages of package-lock.json');
  return node;
}

function ensureNode() {
  if (Number(process.versions.node.split('.')[0]) >= NODE_MAJOR_MIN) return process.execPath;
  const arch = process.arch;
  if (process.platform !== 'linux' || !['x64', 'arm64'].includes(arch)) {
    fail(`Node ${NODE_MAJOR_MIN} or newer is needed, this is ${process.versions.node}. Install it (see .nvmrc) and try again.`);
  }
  installIfChanged(TOOLCHAIN, process.execPath, `Node ${NODE_MAJOR_MIN} (this machine has ${process.versions.node})`);
  const binary = join(TOOLCHAIN, 'node_modules', `node-linux-${arch}`, 'bin', 'node');
  if (!existsSync(binary)) fail(`The toolchain was installed, but ${binary} is missing. Delete scripts/toolchain/node_modules and try again.`);
  return binary;
}

function installIfChanged(directory, node, what) {
  const stamp = join(directory, 'node_modules', '.countersign-lock');
  const lock = createHash('sha256').update(readFileSync(join(directory, 'package-lock.json'))).update(process.arch).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  process.stderr.write(`setup: installing ${what} …\n`);
  const npm = findNpm();
  const result = spawnSync(node, [npm, 'ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: directory,
    stdio: ['ignore', 2, 2],
    env: { ...cleanNpmEnvironment(), PATH: `${dirname(node)}:${process.env.PATH ?? ''}` },
  });
  if (result.status !== 0) fail(`Installing ${what} failed (npm ci in ${directory} ended with ${result.status ?? result.signal}). Check the network and try again.`);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, lock);
}

// `npm start` and friends say where npm itself is; a direct `node scripts/setup.mjs` must look for it.
function findNpm() {
  const beside = join(dirname(dirname(process.execPath)), 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js');
  const candidates = [process.env.npm_execpath, beside, '/usr/share/nodejs/npm/bin/npm-cli.js', '/usr/lib/node_modules/npm/bin/npm-cli.js', '/usr/local/lib/node_modules/npm/bin/npm-cli.js'];
  for (const candidate of candidates) if (candidate && /npm-cli\.[cm]?js$/.test(candidate) && existsSync(candidate)) return candidate;
  return fail('npm was not found. Run this through `npm start` or `npm test`, or install npm.');
}

// A nested npm must not inherit the settings of the npm that started us (workspace, prefix, script names).
function cleanNpmEnvironment() {
  return Object.fromEntries(Object.entries(process.env).filter(([key]) => !/^npm_(lifecycle|package|command|execpath)/.test(key)));
}

function fail(sentence) {
  process.stderr.write(`setup: ${sentence}\n`);
  process.exit(3);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  setup();
}
