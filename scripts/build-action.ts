import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import { build, type BuildOptions, type Plugin } from 'esbuild';
import { GRAMMARS, loadGrammarFromPackages } from '../src/context/grammars.ts';
import { leaveOut } from './build-action/left-out.ts';

const ROOT = join(import.meta.dirname, '..');

/** zod carries its messages in some fifty languages; ours are in English. */
const englishOnly: Plugin = {
  name: 'english-only',
  setup(plugins) {
    plugins.onResolve({ filter: /locales\/index\.js$/ }, ({ path, importer }) => (importer.includes('/zod/') ? { path, namespace: 'english-only' } : null));
    plugins.onLoad({ filter: /.*/, namespace: 'english-only' }, () => ({ contents: "export { default as en } from 'zod/v4/locales/en.js';", resolveDir: ROOT }));
  },
};

/** How the bundle is made: one entry, one chunk per step, no code that a zone does not use. */
export const bundleOptions = (outdir: string): BuildOptions => ({
  entryPoints: [join(ROOT, 'action/main.ts')],
  outdir,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  minify: true,
  legalComments: 'none',
  chunkNames: 'chunks/[name]-[hash]',
  metafile: true,
  logLevel: 'warning',
  absWorkingDir: ROOT,
  // A part of the Azure client that reads query results; uploads and downloads of artifacts never reach it.
  external: ['apache-arrow'],
  // Its CommonJS form hides its own files from a bundler.
  alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
  plugins: [englishOnly, leaveOut],
  // CommonJS packages inside an ES module bundle ask for `require`.
  banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
});

/** Builds `action/dist` (or another folder, for the check that the committed one is current). The old one is there until the new one is whole. */
export async function buildAction(outdir: string): Promise<void> {
  const made = `${outdir}.new`;
  await rm(made, { recursive: true, force: true });
  await build(bundleOptions(made));
  await writeFile(join(made, 'package.json'), '{ "type": "module" }\n');
  await mkdir(join(made, 'grammars'), { recursive: true });
  for (const name of GRAMMARS) await writeFile(join(made, 'grammars', `${name}.wasm.br`), await compress(await loadGrammarFromPackages(name)));
  await rm(outdir, { recursive: true, force: true });
  await rename(made, outdir);
}

// Quality 9: a twentieth larger than 11, and done in a second for all grammars instead of a minute.
const compress = async (bytes: Uint8Array): Promise<Uint8Array> => promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_LGWIN]: 22, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.byteLength } });

if (import.meta.main) {
  const outdir = join(ROOT, 'action', 'dist');
  await buildAction(outdir);
  const { size } = await stat(join(outdir, 'main.js'));
  process.stderr.write(`action/dist is built (main.js ${size} bytes)\n`);
}
