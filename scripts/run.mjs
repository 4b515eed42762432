// `node scripts/run.mjs FILE ARGS…`: sets the checkout up, then runs FILE under a Node that is new enough.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { constants, homedir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compiledCommand } from './compiled-command.mjs';
import { setup } from './setup.mjs';

const node = setup();
const [file, ...args] = process.argv.slice(2);
const command = join(dirname(import.meta.dirname), 'src', 'cli', 'main.ts');
const isCommand = file !== undefined && resolve(file) === command;
const path = `${dirname(node)}:${process.env.PATH ?? ''}`;
if (isCommand && node === process.execPath) await runHere();
else runApart();

/** What the command compiled before, and keeps there itself: with it Node's TypeScript reader need not even start. Null before the first time. */
function compiledFolder() {
  const base = process.env.XDG_CACHE_HOME;
  const folder = join(base !== undefined && isAbsolute(base) ? base : join(homedir(), '.cache'), 'countersign', 'compile');
  return existsSync(folder) ? folder : null;
}

/** The command itself runs in this process: a second one would take as long to start as much of what people ask of it. */
async function runHere() {
  process.argv.splice(1, process.argv.length - 1, command, ...args);
  process.removeAllListeners('warning');
  process.on('warning', (warning) => warning.name === 'ExperimentalWarning' || process.stderr.write(`${warning.name}: ${warning.message}\n`));
  process.env.PATH = path;
  const compiled = compiledFolder();
  if (compiled !== null) module.enableCompileCache(compiled);
  if (args.includes('--debug')) process.setSourceMapsEnabled(true);
  await import(pathToFileURL((await compiledCommand()) ?? command).href);
}

function runApart() {
  // The command is compiled and started by the Node that runs it.
  const program = process.argv.slice(isCommand ? 1 : 2);
  const child = spawn(node, ['--disable-warning=ExperimentalWarning', ...program], { stdio: 'inherit', env: { ...process.env, PATH: path } });
  // The child ends cleanly on the first signal and takes repetitions (the terminal sends its own) for the same one.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
}
