import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { createBundledGrammarLoader, loadGrammarFromPackages } from './grammars.ts';
import { createOutlineParser } from './parse/parser.ts';

test('compressed grammars parse like those of the packages, and a missing one says what to do', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'grammars-'));
  try {
    for (const name of ['runtime', 'python'] as const) await writeFile(join(folder, `${name}.wasm.br`), brotliCompressSync(await loadGrammarFromPackages(name), { params: {} }));
    const load = createBundledGrammarLoader(folder);
    const parser = createOutlineParser(load);
    expect(await parser.parse('a.py', 'def f(): pass')).toMatchObject({ kind: 'parsed', outline: { symbols: [{ name: 'f', exported: true }] } });
    await expect(load('tsx')).rejects.toMatchObject({ kind: 'outside', code: 'grammar-missing', message: expect.stringContaining('build the bundle again') });
    parser.close();
  } finally {
    await rm(folder, { recursive: true });
  }
});
