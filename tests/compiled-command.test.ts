import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';

const SCRIPT = join(import.meta.dirname, '..', 'scripts', 'compiled-command.mjs');
const run = promisify(execFile);
let root = '';

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'compiled-'));
  await mkdir(join(root, 'src', 'cli'), { recursive: true });
  await source('package.json', '{ "type": "module" }');
  await source('src/cli/main.ts', "import { word } from './word.ts';\nprocess.stdout.write(`${word} ${import.meta.url.endsWith('/src/cli/main.ts')}`);\n");
  await source('src/cli/word.ts', "export const word: string = 'first';\n");
});
afterEach(async () => rm(root, { recursive: true, force: true }));

/** Written a while ago: what changes while it is compiled is not kept. */
async function source(path: string, text: string): Promise<void> {
  await writeFile(join(root, path), text);
  const at = Date.now() / 1_000 - 5 - Math.random();
  await utimes(join(root, path), at, at);
}

/** The path that `compiledCommand` gives, or null. */
async function compiled(): Promise<string | null> {
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', `const { compiledCommand } = await import(${JSON.stringify(SCRIPT)}); process.stdout.write((await compiledCommand(${JSON.stringify(root)})) ?? '');`]);
  return stdout === '' ? null : stdout;
}

const says = async (entry: string | null): Promise<string> => (entry === null ? '' : (await run(process.execPath, [entry])).stdout);

test('the command is compiled once, and anew when a source changes', async () => {
  const first = await compiled();
  expect(await says(first)).toBe('first true');
  expect(await compiled()).toBe(first);
  await source('src/cli/word.ts', "export const word: string = 'second';\n");
  const second = await compiled();
  expect(await says(second)).toBe('second true');
  // Whoever still runs the first one finds it.
  expect(await says(first)).toBe('first true');
});

test('a copy of a checkout is compiled for itself', async () => {
  const first = await compiled();
  const original = root;
  root = await mkdtemp(join(tmpdir(), 'compiled-'));
  await cp(original, root, { recursive: true, preserveTimestamps: true });
  expect(await compiled()).toMatch(new RegExp(`^${root}/`));
  expect(await says(first)).toBe('first true');
  await rm(original, { recursive: true });
});

test('sources that cannot be compiled run as they are, and a damaged record is made anew', async () => {
  const first = await compiled();
  await writeFile(join(root, 'node_modules', '.cache', 'countersign', 'command', 'current.json'), 'no json');
  expect(await compiled()).toBe(first);
  await source('src/cli/word.ts', 'export const word: = 1;\n');
  expect(await compiled()).toBeNull();
  expect((await readdir(join(root, 'node_modules', '.cache', 'countersign', 'command'))).filter((name) => name.startsWith('making-'))).toEqual([]);
});
