import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { loadState } from '../../src/local/server/state.ts';

// `npm start` at a terminal: it shows each waiting PatchSet and asks. The terminal is made by util-linux's `script`.

const MAIN = resolve(import.meta.dirname, '../../src/cli/main.ts');
const PROMPT = '[q]uit › ';
const canMakeTerminal = spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') === true;
if (!canMakeTerminal) process.stderr.write("SKIPPED: the terminal's scenarios need `script` of util-linux, which is not on this machine.\n");

/** A person at a terminal of 100 columns: reads what is there, and types. */
class Terminal {
  readonly #child;
  readonly ended: Promise<number | null>;
  #text = '';
  #read = 0;
  #waiting: () => void = () => undefined;

  constructor(dir: string) {
    const command = `stty cols 100 rows 40; exec '${process.execPath}' --disable-warning=ExperimentalWarning '${MAIN}' up --dir '${dir}'`;
    this.#child = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, NO_COLOR: '1', TERM: 'xterm', SHELL: '/bin/sh' } });
    this.#child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      this.#text += chunk;
      this.#waiting();
    });
    this.ended = new Promise((done) => this.#child.on('close', (code) => {
      done(code);
      this.#waiting();
    }));
  }

  /** What was printed since the last time, up to and with `text`. */
  async until(text: string): Promise<string> {
    for (;;) {
      const at = this.#text.indexOf(text, this.#read);
      if (at >= 0) {
        const shown = this.#text.slice(this.#read, at + text.length);
        this.#read = at + text.length;
        return shown;
      }
      if (this.#child.exitCode !== null) throw new Error(`It ended with ${this.#child.exitCode} before it printed "${text}":\n${this.#text}`);
      await new Promise<void>((done) => (this.#waiting = done));
    }
  }

  type(keys: string): void {
    this.#child.stdin.write(keys);
  }

  get rest(): string {
    // Without what moves the cursor.
    return this.#text.slice(this.#read).replaceAll(/\u001B\[[0-9;]*[A-Za-z]/g, '');
  }
}

async function open(): Promise<{ dir: string; terminal: Terminal }> {
  const dir = await mkdtemp(join(tmpdir(), 'countersign-terminal-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return { dir, terminal: new Terminal(dir) };
}

const CHANGES = [
  '```search/replace path=src/errors.js',
  '<<<<<<< SEARCH',
  '/** The service asks for patience (HTTP 429). */',
  '=======',
  '/** The service asks for patience (HTTP 429), and may say for how long. */',
  '>>>>>>> REPLACE',
  '```',
].join('\n');
const CTRL_C = '\u0003';

test.skipIf(!canMakeTerminal)('both PatchSets are shown whole and approved at the prompt: DONE, and the pages stay up until Ctrl-C', async () => {
  const { dir, terminal } = await open();
  const digests: string[] = [];
  for (const name of ['ps-1 r1 · local/api', 'ps-2 r1 · local/web']) {
    const shown = await terminal.until(PROMPT);
    expect(shown).toContain(name);
    expect(shown).toMatch(/gate 0 pass · gate 1 pass · gate 2 pass · gate 3 pass/);
    expect(shown).toMatch(/policy \d+ block, \d+ warn/);
    const patchSet = shown.slice(shown.lastIndexOf(name));
    expect(patchSet).toMatch(/^ {2}diff --git /m);
    digests.push(/digest sha256:([0-9a-f]{64})/.exec(patchSet)?.[1] ?? '');
    // Nothing is chosen by default: an empty line asks again.
    terminal.type('\r');
    await terminal.until(PROMPT);
    terminal.type('a\r');
  }
  const end = await terminal.until('The pages stay up until Ctrl-C');
  expect(end).toMatch(/^DONE {2}Finished: /m);
  expect(end).toContain('ledger verified: 1 workflow');
  terminal.type(CTRL_C);
  expect(await terminal.ended, terminal.rest).toBe(0);
  const written = await readFile(join(dir, 'requests.jsonl'), 'utf8');
  expect(written).toContain('"apply.yml/write#');
  expect(new Set(digests).size).toBe(2);
});

test.skipIf(!canMakeTerminal)('Ctrl-C at the prompt ends cleanly with 2 and one line how to go on, and the prompt comes again: changes, then a rejection', async () => {
  const { dir, terminal } = await open();
  await terminal.until(PROMPT);
  terminal.type(CTRL_C);
  expect(await terminal.ended).toBe(2);
  expect(terminal.rest.trim()).toBe(`Nothing is lost. Go on with:  npm start -- --dir ${dir}  (with --approve LOGIN to play the reviewer)`);
  expect(existsSync(join(dir, 'up.pid'))).toBe(false);
  expect(loadState(dir)?.runs.some(({ status }) => status === 'waiting')).toBe(true);

  const again = new Terminal(dir);
  expect(await again.until(PROMPT)).toContain('digest sha256:');
  // Changes pasted in one go come through whole.
  again.type(`c\r${CHANGES.replaceAll('\n', '\r')}\r.\r`);
  // The other PatchSet is asked for while this one is made anew.
  await again.until('ps-2 r1 · local/web');
  await again.until(PROMPT);
  again.type('a\r');
  const second = await again.until('ps-1 r2 · local/api') + (await again.until(PROMPT));
  expect(second).toContain('and may say for how long');
  again.type('r\r');
  await again.until('Why (may be empty) › ');
  again.type('Not like this\r');
  expect(await again.until('The pages stay up until Ctrl-C')).toMatch(/^FAILED {2}.*Not like this/m);
  again.type(CTRL_C);
  expect(await again.ended).toBe(1);
});
