import { isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments, type Document, type Node } from 'yaml';
import { decodeText } from '../text-lines.ts';
import { scriptOf, type Called, type CalledFile } from './called.ts';
import { globOf, resolve, type ScriptPlace } from './called-files.ts';
import { readProgram } from './read-program.ts';
import { withRoot } from './shell-commands.ts';

// Keys under which the common systems keep what they run. Words of a script that is none do no harm.
const SCRIPT_KEYS = /^(?:run|shell|runner|script|scripts|before_?script|after_?script|command|commands|cmd|cmds|bash|sh|shell_?script|pwsh|powershell|ps|entry|entrypoint|install|setup|build|test|start|deploy|pre|post|main|hooks?|steps|tasks|(?:before|after|pre|post|on)_[a-z_]+|[a-z_]+_script|inline_?script|inline|setup_?script|cleanup|prepare|background_script)$/i;
const FILE_KEYS = /^(?:filepath|script_?path|script_?file|main|pre|post|gulp_?file|grunt_?file|make_?file|entry_?file|filename)$/i;
// Whatever it is called, a value that is a shell's script names one that runs; but for lists of paths to look at.
const SHELL_SCRIPT = /^[\w./$(){}@ -]{1,300}\.(?:sh|bash|zsh|ps1|bat|cmd)$/i;
const PATH_KEYS = /^(?:paths?|paths[-_]ignore|files?|exclude|include|only|except|changes|name|title|key|if|label|branches|patterns?|source|sparse-checkout)$/i;
// Variables of the environment by which programs load a file first.
const LOADING_VARIABLES = /^(?:BASH_ENV|ENV|NODE_OPTIONS|PYTHONSTARTUP)$/;
const FOLDER_KEYS = /^(?:working-directory|working_?directory|workdir|dir|root)$/i;
// Where CircleCI and others check out; what follows is a path of the repository.
const HOME_FOLDER = /^~\/[^/]+\/?|^\/home\/[^/]+\/[^/]+\/?/;
const NODES_MAX = 200_000;
const DEPTH_MAX = 60;

interface Walk {
  readonly document: Document.Parsed;
  readonly lines: LineCounter;
  readonly home: string;
  readonly called: Called[];
  nodes: number;
}

/** Everything of the repository that one CI file runs or includes. */
export function readDefinition(path: string, bytes: Uint8Array): Called[] {
  const text = decodeText(bytes) ?? '';
  const home = path.split('/').slice(0, -1).join('/');
  return /\.(?:ya?ml|json[5c]?)$|renovaterc$/i.test(path) ? [...readYaml(text, home), ...placesOf(path, text, home)] : readProgram(text, home);
}

/** Folders of code that a file of CI names: a module of Dagger, the hooks of lefthook. */
function placesOf(path: string, text: string, home: string): Called[] {
  const name = path.slice(home.length).toLowerCase();
  const found = name.endsWith('dagger.json') ? /"source"\s*:\s*"([^"\n]{1,300})"/.exec(text) : name.includes('lefthook') ? /^["']?source_dir(?:_local)?["']?\s*:\s*["']?([\w./-]{1,300})/m.exec(text) : null;
  const folder = found?.[1] === undefined ? null : resolve(found[1], home, home);
  return folder === null || folder === '' || found === null ? [] : [{ kind: 'file', glob: `/${folder.replaceAll(/[\\*?[\]{}()!]/g, String.raw`\$&`)}/**`, line: text.slice(0, found.index).split('\n').length, isDefinition: false }];
}

function readYaml(text: string, home: string): Called[] {
  const lines = new LineCounter();
  const called: Called[] = [];
  try {
    for (const document of parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false, merge: true, logLevel: 'error' })) {
      if (!('contents' in document)) continue;
      if (document.errors.length > 0) throw new SyntaxError('no YAML');
      walk(document.contents, { folder: '', home, variables: new Map() }, { document, lines, home, called, nodes: 0 }, 0);
    }
    return called;
  } catch {
    // Not to be read as YAML, or too deep or too large: each line may be a script.
    return [...called, ...scriptOf(text.replaceAll(/^[ \t]*(?:- )?(?:\w+:)?[ \t]*/gm, ''), { folder: '', home, variables: new Map() }, 1)];
  }
}

function walk(node: Node | null, place: ScriptPlace, into: Walk, depth: number): void {
  into.nodes += 1;
  if (into.nodes > NODES_MAX || depth > DEPTH_MAX) throw new RangeError('too large');
  if (isAlias(node)) walk(node.resolve(into.document) ?? null, place, into, depth + 1);
  else if (isSeq(node)) for (const item of node.items) walk(asNode(item), place, into, depth + 1);
  else if (isMap(node)) walkMap(node.items, placeOf(node, place), into, depth);
}

function walkMap(items: readonly { key: unknown; value: unknown }[], place: ScriptPlace, into: Walk, depth: number): void {
  for (const { key, value } of items) {
    const name = isScalar(key) ? String(key.value) : '';
    const node = asNode(value);
    const line = into.lines.linePos(startOf(node) ?? startOf(asNode(key)) ?? 0).line;
    for (const text of textsOf(node, into)) {
      if (isScript(name, text)) into.called.push(...scriptOf(LOADING_VARIABLES.test(name) ? `${name}='${text}'` : text, place, line));
      into.called.push(...referenceOf(name, text, place).map((called) => ({ ...called, line })));
    }
    walk(node, place, into, depth + 1);
  }
  // A container's program and its arguments stand apart.
  const args = wordsAt(items, 'args', into);
  const [only = ''] = args;
  if (args.length === 1 && /\s/.test(only) && !isSeq(nodeAt(items, 'args'))) into.called.push(...scriptOf(only, place, into.lines.linePos(startOf(nodeAt(items, 'args')) ?? 0).line));
  const words = [...wordsAt(items, 'command', into), ...wordsAt(items, 'entrypoint', into), ...(args[0]?.startsWith('-') ? ['sh'] : []), ...args];
  if (args.length > 0) into.called.push(...scriptOf(words.map((word) => (/\s/.test(word) ? `'${word}'` : word)).join(' '), place, into.lines.linePos(startOf(asNode(items[0]?.key)) ?? 0).line));
}

const isScript = (name: string, text: string): boolean =>
  SCRIPT_KEYS.test(name.replaceAll('-', '_')) || LOADING_VARIABLES.test(name) || (name === 'source' && text.includes(' ')) || (SHELL_SCRIPT.test(text) && !PATH_KEYS.test(name));

function wordsAt(items: readonly { key: unknown; value: unknown }[], name: string, into: Walk): string[] {
  const node = nodeAt(items, name);
  return isSeq(node) ? node.items.flatMap((item) => (isScalar(item) && typeof item.value === 'string' ? [item.value] : [])) : textsOf(node, into);
}

const nodeAt = (items: readonly { key: unknown; value: unknown }[], name: string): Node | null => asNode(items.find(({ key }) => isScalar(key) && key.value === name)?.value);

/** Other files that a key names: local actions, templates, included pipelines, entry points. */
function referenceOf(name: string, written: string, { folder, home }: ScriptPlace): Omit<CalledFile, 'line'>[] {
  if (written.length > 1000 || written.includes('\n')) return [];
  const text = withRoot(written);
  const globs = (path: string | null): string[] => (path === null || path === '' ? [] : globOf(path));
  const file = (glob: string, isDefinition = false): Omit<CalledFile, 'line'> => ({ kind: 'file', glob, isDefinition });
  if (name === 'uses' && /^\.\.?\//.test(text)) return globs(resolve(text, '', home)).flatMap((glob) => [file(glob), file(`${glob}/**`)]);
  // GitLab's `include: local` knows wildcards; a template of Azure stands beside the file that names it.
  if (/^(?:local|include|template|extends|import|path|configuration_path|config_path)$/.test(name) && /\.(?:ya?ml|json)$/i.test(text)) {
    const plain = text.replace(/@self$/, '').replace(/^\//, '');
    return [...new Set([resolve(plain, '', home), resolve(plain, home, home)])].flatMap((path) => (path === null || path === '' ? [] : [file(`/${path.replaceAll(/[\\?[\]{}()!]/g, String.raw`\$&`)}`, true)]));
  }
  if (FILE_KEYS.test(name) || (name === 'image' && /^(?:\.\/)?(?:[\w.-]+\/)*dockerfile[\w.-]*$/i.test(text))) {
    return [...new Set([resolve(text, folder, home), resolve(text, home, home)])].flatMap((path) => globs(path).map((glob) => file(glob)));
  }
  return [];
}

/** The texts that a value stands for: one, a list of them joined to one script, or a list as the words of one command. */
function textsOf(node: Node | null, into: Walk): string[] {
  if (isAlias(node)) return textsOf(node.resolve(into.document) ?? null, into);
  if (isScalar(node)) return typeof node.value === 'string' ? [node.value] : [];
  if (!isSeq(node)) return [];
  const texts = node.items.flatMap((item) => (isScalar(item) && typeof item.value === 'string' ? [item.value] : []));
  return texts.length > 1 ? [texts.join('\n'), texts.join(' '), ...texts.filter((text) => !text.includes(' '))] : texts;
}

/** The folder and variables that a map sets for everything in it. */
function placeOf(map: { items: readonly { key: unknown; value: unknown }[] }, place: ScriptPlace): ScriptPlace {
  let { folder, variables } = place;
  for (const { key, value } of map.items) {
    const name = isScalar(key) ? String(key.value) : '';
    if (FOLDER_KEYS.test(name) && isScalar(value) && typeof value.value === 'string') folder = resolve(value.value.replace(HOME_FOLDER, './'), '', place.home) ?? folder;
    else if (name === 'defaults' && isMap(value)) folder = resolveDefaults(value, place) ?? folder;
    else if (/^(?:env|environment|variables|parameters|matrix|inputs)$/.test(name) && isMap(value)) variables = new Map([...variables, ...scalarsOf(value)]);
  }
  return { ...place, folder, variables };
}

function resolveDefaults(defaults: { items: readonly { key: unknown; value: unknown }[] }, place: ScriptPlace): string | null {
  const run = defaults.items.find(({ key }) => isScalar(key) && key.value === 'run')?.value;
  return isMap(run) ? placeOf(run, place).folder : null;
}

const scalarsOf = (map: { items: readonly { key: unknown; value: unknown }[] }): [string, string][] =>
  map.items.flatMap(({ key, value }): [string, string][] => (isScalar(key) && isScalar(value) && typeof value.value === 'string' ? [[String(key.value), value.value]] : []));

const asNode = (value: unknown): Node | null => (isScalar(value) || isMap(value) || isSeq(value) || isAlias(value) ? value : null);
const startOf = (node: Node | null): number | undefined => node?.range?.[0];
