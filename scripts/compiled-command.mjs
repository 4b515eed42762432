// The command in a few files instead of hundreds, made anew when a source changes: half of what a short command takes is the loading of its files.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const ROOT = dirname(import.meta.dirname);
/** What is loaded with nearly every command. All other packages are left where they are. */
const PACKAGES = new Set(['commander', 'json-canonicalize', 'picocolors']);
/** What the result depends on beside the sources. */
const SETTINGS = ['package.json', 'package-lock.json', 'scripts/compiled-command.mjs'];
/** Older ones may still be in use: a long command loads parts of itself late. */
const KEPT = 5;
/** What lies about half made for so long was left behind. */
const MAKING_MS = 3_600_000;

const folderOf = (root) => join(root, 'node_modules', '.cache', 'countersign', 'command');
const currentOf = (root) => join(folderOf(root), 'current.json');

/** The path of the compiled command, which is compiled first if a source has changed. Null where that cannot be done: the sources then run as they are. */
export async function compiledCommand(root = ROOT) {
  try {
    return current(root) ?? (await compile(root));
  } catch {
    // Whatever is wrong with the sources is said when they are run.
    return null;
  }
}

/** Null unless every file that went into it is as it was. */
function current(root) {
  const { entry, inputs } = read(root);
  return inputs !== undefined && inputs.every(([path, stamp]) => stampOf(join(root, path)) === stamp) && stampOf(entry) !== null ? entry : null;
}

function read(root) {
  try {
    return JSON.parse(readFileSync(currentOf(root), 'utf8'));
  } catch {
    // There is none yet, or somebody wrote into it.
    return {};
  }
}

function stampOf(path) {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? null : `${found.size} ${found.mtimeMs}`;
}

async function compile(root) {
  const { build } = await import('esbuild');
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
    const inputs = [...Object.keys(metafile.inputs), ...SETTINGS].sort().map((path) => [path, stampOf(join(root, path))]);
    if (inputs.some(([path]) => (statSync(join(root, path), { throwIfNoEntry: false })?.mtimeMs ?? 0) >= before)) return null;
    const key = createHash('sha256').update(JSON.stringify(inputs)).digest('hex').slice(0, 16);
    const place = join(folder, key);
    writeFileSync(join(made, 'package.json'), '{ "type": "module" }\n');
    // Another process may have been faster with the same.
    if (stampOf(place) === null) renameSync(made, place);
    const entry = join(place, 'main.js');
    write(currentOf(root), JSON.stringify({ entry, inputs }));
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
