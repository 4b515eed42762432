import { isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments, type Document, type Node } from 'yaml';
import { decodeText } from '../text-lines.ts';
import { findUses, globOf, resolve, type ScriptPlace } from './called-files.ts';
import type { TaskCall } from './task-calls.ts';

/** What a CI file of the base tree uses, and the line that says so: a file or folder as a glob, or tasks that another file names. */
export type Called = CalledFile | CalledTask;

export interface CalledFile {
  readonly kind: 'file';
  readonly glob: string;
  readonly line: number;
  /** True for another definition, which is read in turn. */
  readonly isDefinition: boolean;
}

export interface CalledTask {
  readonly kind: 'task';
  readonly call: TaskCall;
  readonly line: number;
}

// Keys under which the common systems keep what they run. Words of a script that is none do no harm.
const SCRIPT_KEYS = /^(?:run|script|scripts|before_?script|after_?script|command|commands|cmd|cmds|bash|sh|shell_?script|pwsh|powershell|ps|entry|entrypoint|install|setup|build|test|start|deploy|pre|post|main|hooks?|steps|tasks|(?:before|after|pre|post|on)_[a-z_]+|[a-z_]+_script|inline_?script|inline|setup_?script|cleanup|prepare|background_script)$/i;
const FILE_KEYS = /^(?:filepath|script_?path|script_?file|main|pre|post)$/i;
const FOLDER_KEYS = /^(?:working-directory|working_?directory|workdir|dir|root)$/i;
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
  return /\.(?:ya?ml|json)$/i.test(path) ? readYaml(text, home) : readProgram(text, home);
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
      if (SCRIPT_KEYS.test(name)) into.called.push(...scriptOf(text, place, line));
      into.called.push(...referenceOf(name, text, place).map((called) => ({ ...called, line })));
    }
    walk(node, place, into, depth + 1);
  }
  // A container's program and its arguments stand apart.
  const args = wordsAt(items, 'args', into);
  const words = [...wordsAt(items, 'command', into), ...wordsAt(items, 'entrypoint', into), ...(args[0]?.startsWith('-') ? ['sh'] : []), ...args];
  if (args.length > 0) into.called.push(...scriptOf(words.map((word) => (/\s/.test(word) ? `'${word}'` : word)).join(' '), place, into.lines.linePos(startOf(asNode(items[0]?.key)) ?? 0).line));
}

function wordsAt(items: readonly { key: unknown; value: unknown }[], name: string, into: Walk): string[] {
  const node = asNode(items.find(({ key }) => isScalar(key) && key.value === name)?.value);
  return isSeq(node) ? node.items.flatMap((item) => (isScalar(item) && typeof item.value === 'string' ? [item.value] : [])) : textsOf(node, into);
}

/** What a script that stands in a CI file uses. */
export function scriptOf(text: string, place: ScriptPlace, line: number): Called[] {
  const { globs, tasks } = findUses(text, place);
  return [...globs.map((glob): Called => ({ kind: 'file', glob, line, isDefinition: false })), ...tasks.map((call): Called => ({ kind: 'task', call, line }))];
}

/** Other files that a key names: local actions, templates, included pipelines, entry points. */
function referenceOf(name: string, text: string, { folder, home }: ScriptPlace): Omit<CalledFile, 'line'>[] {
  if (text.length > 1000 || text.includes('\n')) return [];
  const globs = (path: string | null): string[] => (path === null || path === '' ? [] : globOf(path));
  const file = (glob: string, isDefinition = false): Omit<CalledFile, 'line'> => ({ kind: 'file', glob, isDefinition });
  if (name === 'uses' && /^\.\.?\//.test(text)) return globs(resolve(text, '', home)).flatMap((glob) => [file(glob), file(`${glob}/**`)]);
  // GitLab's `include: local` knows wildcards; a template of Azure stands beside the file that names it.
  if (/^(?:local|include|template|extends|import|path)$/.test(name) && /\.(?:ya?ml|json)$/i.test(text)) {
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
    if (FOLDER_KEYS.test(name) && isScalar(value) && typeof value.value === 'string') folder = resolve(value.value, '', place.home) ?? folder;
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

/** Jenkinsfiles and other programs, Earthfiles and hooks: what stands in quotes after a step that runs it, and plain commands. */
function readProgram(text: string, home: string): Called[] {
  const place: ScriptPlace = { folder: '', home, variables: new Map() };
  const steps = text.matchAll(/\b(?:sh|bat|powershell|pwsh|load|script|scriptContent|readTrusted|command|system|exec|spawn|ruby)\b[^'"\n]{0,100}('''|"""|'|")([\s\S]{0,2000}?)\1/g);
  const quoted = [...steps].flatMap((step) => scriptOf(step[2] ?? '', place, lineAt(text, step.index)).concat(step[0].startsWith('load') ? globOf(step[2] ?? '').map((glob): Called => ({ kind: 'file', glob, line: lineAt(text, step.index), isDefinition: false })) : []));
  const commands = text.split('\n').flatMap((line, index) => scriptOf(line.replace(/^\s*(?:RUN|LOCALLY|ENTRYPOINT|CMD)\s+(?:--\S+\s+)*/, ''), place, index + 1));
  // nox gives the words of a command one by one.
  const sessions = [...text.matchAll(/\.run(?:_always)?\(([^()]{1,2000})\)/g)].flatMap((found) => scriptOf([...(found[1] ?? '').matchAll(/(?<!=\s{0,2})(["'])(.*?)\1/g)].map(([, , word = '']) => word).join(' '), place, lineAt(text, found.index)));
  return [...quoted, ...commands, ...sessions];
}

const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;
