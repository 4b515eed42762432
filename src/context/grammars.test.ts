import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { expect, test } from 'vitest';
import { createAnalyser } from './analyse/analyser.ts';
import { createBundledGrammarLoader, loadGrammarFromPackages } from './grammars.ts';
import { createGrammarParser } from './parse/parser.ts';

test('compressed grammars parse like those of the packages, and a missing one says what to do', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'grammars-'));
  try {
    for (const name of ['runtime', 'python'] as const) await writeFile(join(folder, `${name}.wasm.br`), brotliCompressSync(await loadGrammarFromPackages(name), { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }));
    const load = createBundledGrammarLoader(folder);
    const parser = createGrammarParser(load);
    expect(await parser.parse('python', 'def f(): pass')).toEqual({ kind: 'parsed', captures: [{ name: 'function', start: 4, end: 5, line: 1 }] });
    await expect(load('tsx')).rejects.toMatchObject({ kind: 'outside', code: 'grammar-missing', message: expect.stringContaining('build the bundle again') });
    // A language without its grammar is no language without symbols.
    await expect(parser.parse('tsx', 'for (;;) {}')).rejects.toMatchObject({ code: 'grammar-missing' });
    await expect(createAnalyser(load).analyse([{ lens: 'go', bytes: Buffer.from('package p') }])).rejects.toMatchObject({ kind: 'outside', code: 'grammar-missing' });
    await writeFile(join(folder, 'css.wasm.br'), brotliCompressSync('no module'));
    await expect(parser.parse('css', 'a {}')).rejects.toMatchObject({ code: 'grammar-missing', message: expect.stringContaining('from one release') });
    parser.close();
  } finally {
    await rm(folder, { recursive: true });
  }
});
