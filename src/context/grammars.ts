import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';
import { outsideError } from '../domain/errors.ts';
import { LANGUAGE_GRAMMARS } from './lens.ts';

/** The WebAssembly files the context needs: the parser's own runtime, one grammar for each parsed language, and what runs rewrite rules. */
export const GRAMMARS = ['runtime', 'ast-grep', ...LANGUAGE_GRAMMARS] as const;
export type GrammarName = (typeof GRAMMARS)[number];

/** Gives the bytes of one WebAssembly file. The bundle ships them compressed; a checkout has them in its packages. */
export type LoadGrammar = (name: GrammarName) => Promise<Uint8Array>;

/** Recorded in the context manifest: another grammar may see other symbols. Checked against package.json by a test. */
export const TOOLS = [
  { name: '@repomix/tree-sitter-wasms', version: '0.1.17' },
  { name: 'countersign-context', version: '10' },
  { name: 'web-tree-sitter', version: '0.27.1' },
] as const;

function moduleOf(name: GrammarName): string {
  if (name === 'runtime') return 'web-tree-sitter/web-tree-sitter.wasm';
  return name === 'ast-grep' ? '@ast-grep/wasm/wasm_bg.wasm' : `@repomix/tree-sitter-wasms/out/tree-sitter-${name}.wasm`;
}

/** Reads the WebAssembly files of the installed packages. For a checkout. */
export const loadGrammarFromPackages: LoadGrammar = async (name) => readFile(fileURLToPath(import.meta.resolve(moduleOf(name))));

/** Reads `NAME.wasm.br` from the folder that ships with the bundle. */
export function createBundledGrammarLoader(folder: string): LoadGrammar {
  return async (name) => {
    try {
      return await promisify(brotliDecompress)(await readFile(`${folder}/${name}.wasm.br`));
    } catch (cause) {
      throw outsideError('grammar-missing', `The grammar ${name} cannot be read from ${folder}. Take all files of the action from one release, or build the bundle again: npm run build.`, cause);
    }
  };
}
