import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { folderOf, recordOf } from './compiled-command.mjs';

/** What is loaded with nearly every command. All other packages are left where they are. */
const PACKAGES = new Set(['commander', 'json-canonicalize', 'picocolors']);
/** What the result depends on beside the sources. */
const SETTINGS = ['package.json', 'package-lock.json', 'scripts/compile-command.mjs'];
/** Older ones may still be in use: a long command loads parts of itself late. */
const KEPT = 5;
/** What lies about half made for so long was left behind. */
const MAKING_MS = 3_600_000;

/** Compiles the command of a checkout. Null when a source changed meanwhile; rejects when one does not compile. */
export async function compileCommand(root) {
  const folder = folderOf(root);
  const made = join(folder, `making-${process.pid}`);
  // Before they are read: a change meanwhile is seen the next time.
  const before = Date.now();
  try {
    const { metafile } = await build({
      entryPoints: [join(root, 'src', 'cli', 'main.ts')], outdir: made, bundle: true, splitting: true, format: 'esm', platform: 'node', target: 'node24', absWorkingDir: root,
      metafile: true, sourcemap: 'linked', logLevel: 'silent', chunkNames: '[name]-[hash]', plugins: [packagesApart, placesOfSources],
      // CommonJS packages inside an ES module ask for `require`.
      banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
    });
    const inputs = [...Object.keys(metafile.inputs), ...SETTINGS].filter((path) => existsSync(join(root, path))).sort().map((path) => [path, statSync(join(root, path)).size, statSync(join(root, path)).mtimeMs]);
    if (inputs.some(([, , time]) => time >= before)) return null;
    const key = createHash('sha256').update(JSON.stringify([root, inputs])).digest('hex').slice(0, 16);
    const place = join(folder, key);
    writeFileSync(join(made, 'package.json'), '{ "type": "module" }\n');
    // Another process may have been faster with the same.
    if (!existsSync(place)) renameSync(made, place);
    const entry = join(place, 'main.js');
    write(recordOf(root), JSON.stringify({ root, entry, inputs }));
    forgetOld(folder, place);
    return entry;
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}

function write(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.${process.pid}`, text);
  renameSync(`${path}.${process.pid}`, path);
}

function forgetOld(folder, newest) {
  const all = readdirSync(folder, { withFileTypes: true }).filter((each) => each.isDirectory()).map(({ name }) => ({ path: join(folder, name), isMade: !name.startsWith('making-'), at: statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? Date.now() }));
  const made = all.filter(({ path, isMade }) => isMade && path !== newest).sort((left, right) => right.at - left.at);
  const left = all.filter(({ isMade, at }) => !isMade && at < Date.now() - MAKING_MS);
  for (const { path } of [...made.slice(KEPT - 1), ...left]) rmSync(path, { recursive: true, force: true });
}

const packagesApart = {
  name: 'packages-apart',
  setup(plugins) {
    plugins.onResolve({ filter: /^[^./#]/ }, ({ path, kind }) => (kind === 'entry-point' || PACKAGES.has(path) ? null : { path, external: true }));
  },
};

/** A source looks for what lies beside it where it lies itself. */
const placesOfSources = {
  name: 'places-of-sources',
  setup(plugins) {
    plugins.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      return { loader: 'ts', contents: text.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)).replaceAll('import.meta.dirname', JSON.stringify(dirname(path))) };
    });
  },
};
