import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';

import { reportError } from '../output.ts';
import { registerCanonical } from './ledger-canonical.ts';

const MAIN = join(import.meta.dirname, 'ledger-main.fixture.ts');
const directory = mkdtempSync(join(tmpdir(), 'countersign-canonical-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
afterEach(() => vi.restoreAllMocks());

interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The command in a process of its own, with `input` on its standard input. */
function runPiped(args: readonly string[], input: string | Uint8Array): Run {
  const done = spawnSync(process.execPath, [MAIN, 'ledger', ...args], { input, env: { ...process.env, NO_COLOR: '1' }, maxBuffer: 1 << 27 });
  return { code: done.status, out: done.stdout.toString(), err: done.stderr.toString() };
}

/** The command in this process. */
async function run(args: readonly string[]): Promise<Run> {
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      said[name] += typeof text === 'string' ? text : Buffer.from(text).toString();
      return true;
    });
  }
  const program = new Command();
  registerCanonical(program);
  let code: number | null = 0;
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    code = reportError(error, false);
  }
  vi.restoreAllMocks();
  return { code, out: said.stdout, err: said.stderr };
}

function file(content: string | Uint8Array): string {
  const path = join(directory, 'input.json');
  writeFileSync(path, content);
  return path;
}

const bytes = (...parts: (string | number[])[]): Uint8Array => Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Uint8Array.from(part))));

// What each may be: refused by both, or by the ledger's strict subset alone.
const TRAPS: readonly (readonly [string, string | Uint8Array, 'both' | 'strict'])[] = [
  ['nothing', '', 'both'],
  ['white space', ' \n', 'both'],
  ['a duplicate key', '{"a":1,"a":2}', 'both'],
  ['a duplicate key behind an escape', '{"a":1,"\\u0061":2}', 'both'],
  ['a duplicate __proto__', '{"__proto__":1,"__proto__":2}', 'both'],
  ['a lone surrogate', '"\\ud800"', 'both'],
  ['a lone surrogate in a key', '{"\\udc00":1}', 'both'],
  ['a byte order mark', bytes([0xef, 0xbb, 0xbf], '{}'), 'both'],
  ['a UTF-16 text', Buffer.from('\ufeff{}', 'utf16le'), 'both'],
  ['a raw NUL', bytes('"', [0], '"'), 'both'],
  ['a NUL behind the value', bytes('{}', [0]), 'both'],
  ['trailing bytes', '{}x', 'both'],
  ['two values', '{}{}', 'both'],
  ['invalid UTF-8', bytes('"', [0xff], '"'), 'both'],
  ['an overlong encoding', bytes('"', [0xc0, 0x80], '"'), 'both'],
  ['100,000 levels', '['.repeat(100_000) + ']'.repeat(100_000), 'both'],
  ['a number beyond a double', '1e400', 'both'],
  ['an escaped NUL', '"\\u0000"', 'strict'],
  ['minus zero', '-0', 'strict'],
  ['9007199254740993', '[9007199254740993]', 'strict'],
  ['a fraction', '1.5', 'strict'],
  ['a key with a space', '{"a b":1}', 'strict'],
  ['65 levels', '['.repeat(65) + ']'.repeat(65), 'strict'],
];

const ONE_SENTENCE = /^\S*error\S* [^\n]+\.\n$/;

describe('ledger canonical and hash', () => {
  it.each(TRAPS)('%s: refused with code 2 and one sentence, nothing on stdout', async (_, input, by) => {
    for (const args of [['canonical'], ['hash'], ...(by === 'both' ? [['canonical', '--jcs']] : [])]) {
      const { code, out, err } = await run([...args, file(input)]);
      expect({ code, out }, args.join(' ')).toEqual({ code: 2, out: '' });
      expect(err).toMatch(ONE_SENTENCE);
    }
    if (by === 'strict') expect(await run(['canonical', '--jcs', file(input)])).toMatchObject({ code: 0, err: '' });
  });

  it.each([
    ['{"toJSON":{"b":1,"a":2},"__proto__":3,"A":4}', '{"A":4,"__proto__":3,"toJSON":{"a":2,"b":1}}'],
    ['[9007199254740991,-9007199254740991,0]', '[9007199254740991,-9007199254740991,0]'],
    ['"\\ud83d\\ude00\\/"', '"😀/"'],
  ])('%s comes out as %s', async (input, output) => expect(await run(['canonical', file(input)])).toEqual({ code: 0, out: output, err: '' }));

  it('--jcs writes numbers as RFC 8785 does', async () => {
    expect((await run(['canonical', '--jcs', file('[-0,9007199254740993,1E30,1e-7]')])).out).toBe('[0,9007199254740992,1e+30,1e-7]');
  });

  it('refuses 40 MB, from a file and from a pipe, and a device without an end', async () => {
    const huge = `"${'x'.repeat(40_000_000)}"`;
    for (const done of [await run(['hash', file(huge)]), runPiped(['hash'], huge), await run(['hash', '--jcs', '/dev/zero'])]) {
      expect(done).toMatchObject({ code: 2, out: '' });
      expect(done.err).toMatch(/ has more than 33554432 bytes[^\n]+\.\n$/);
    }
  });

  it('reads 30 MB', async () => {
    const large = JSON.stringify(Array.from({ length: 30 }, () => 'x'.repeat(1_000_000)));
    expect(await run(['hash', file(large)])).toMatchObject({ code: 0, err: '' });
  });

  it.each([directory, join(directory, 'none.json'), 'a\u001b[31m\n'])('says why %j cannot be read', async (path) => {
    const { code, err } = await run(['hash', path]);
    expect(code).toBe(2);
    expect(err).toMatch(/ cannot be read: [^\n\u001b]+\.\n$/);
  });
});
