import { isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments, type Document, type ParsedNode } from 'yaml';
import { imageDependency } from './dockerfile.ts';
import { assertYamlSize, Unreadable, type Dependency, type Manifest, type Setting } from './model.ts';
import { assertUniqueKeys } from './unique-keys.ts';
import { parseNpmSpec } from './npm-spec.ts';
import { parseRequirement } from './python-requirement.ts';

const NODES_MAX = 200_000;
const DEPTH_MAX = 60;

/** One value of a YAML text: the keys that lead to it (list positions are `-`), the value, and its line. */
interface Leaf {
  readonly path: readonly string[];
  readonly value: string;
  readonly line: number;
}

/** Every scalar of a YAML text. @throws Unreadable */
function leavesOf(text: string): Leaf[] {
  const lines = new LineCounter();
  const leaves: Leaf[] = [];
  let nodes = 0;
  const visit = (node: unknown, path: readonly string[], document: Document): void => {
    nodes += 1;
    if (nodes > NODES_MAX || path.length > DEPTH_MAX) throw new Unreadable('it is nested too deeply, or repeats itself too often');
    if (isAlias(node)) visit(node.resolve(document), path, document);
    else if (isScalar(node)) leaves.push({ path, value: String(node.value), line: lines.linePos(node.range?.[0] ?? 0).line });
    else if (isSeq(node)) for (const item of node.items) visit(item, [...path, '-'], document);
    else if (isMap(node)) for (const { key, value } of node.items) visit(value, [...path, isScalar(key) ? String(key.value) : '?'], document);
  };
  for (const document of read(text, lines)) visit(document.contents, [], document);
  return leaves;
}

function read(text: string, lineCounter: LineCounter): Document<ParsedNode>[] {
  assertYamlSize(text);
  try {
    const documents = [...parseAllDocuments(text, { lineCounter, prettyErrors: false, uniqueKeys: false, merge: false, logLevel: 'error' })];
    const error = documents.flatMap(({ errors }) => errors)[0];
    if (error) throw new Unreadable('it is no YAML', lineCounter.linePos(error.pos[0]).line);
    for (const { contents } of documents) assertUniqueKeys(contents, lineCounter);
    return documents;
  } catch (error) {
    if (error instanceof RangeError) throw new Unreadable('it is nested too deeply');
    throw error;
  }
}

/** Actions and images that a workflow or an action uses. */
export function readWorkflow(text: string): Manifest {
  const dependencies = leavesOf(text).flatMap(({ path, value, line }): Dependency[] => {
    const key = path.at(-1);
    if (key === 'uses') return [usesDependency(value, line)];
    return (key === 'image' || key === 'container') && !/^\.|dockerfile$/i.test(value) && !value.includes('${{') ? [imageDependency('image', value.replace(/^docker:\/\//, ''), line)] : [];
  });
  return { dependencies, settings: [] };
}

function usesDependency(value: string, line: number): Dependency {
  if (value.startsWith('docker://')) return imageDependency('uses', value.slice('docker://'.length), line);
  if (/^\.\.?\//.test(value)) return { ecosystem: 'actions', section: 'uses', name: value, requirement: '', source: 'path', line };
  const [name = '', reference = ''] = value.split('@');
  // A commit's id is the only reference that nobody can move.
  return { ecosystem: 'actions', section: 'uses', name: name.toLowerCase(), requirement: reference, source: /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(reference) ? 'hash' : null, line };
}

/** An image, or an address that is built or taken in. */
function composeSource(path: readonly string[], value: string, line: number): Dependency[] {
  const key = path.findLast((name) => name !== '-') ?? '';
  if (key === 'image') return [imageDependency('image', value, line)];
  const isTaken = key === 'build' || key === 'context' || path.includes('additional_contexts') || path[0] === 'include' || key === 'file';
  return isTaken && /:\/\/|^git@|^docker-image:/.test(value) ? [{ ecosystem: 'docker', section: key, name: value.replace(/[?#].*$/, ''), requirement: '', source: 'url', line }] : [];
}

/** Images of a compose file, and what it builds or includes from elsewhere. */
export const readCompose = (text: string): Manifest => ({
  dependencies: leavesOf(text).flatMap(({ path, value, line }) => (composeSource(path, value, line))),
  settings: [],
});

/** `pnpm-workspace.yaml`: catalogs, overrides, packages, and what may run when installing. */
export function readPnpmWorkspace(text: string): Manifest {
  const dependencies: Dependency[] = [];
  const settings: Setting[] = [];
  for (const { path, value, line } of leavesOf(text)) {
    const [top = ''] = path;
    const name = path.at(-1) ?? '';
    if (/^(?:catalogs?|overrides|packageExtensions)$/.test(top)) dependencies.push({ ecosystem: 'npm', section: path.slice(0, -1).join('.'), name, ...parseNpmSpec(value), line });
    else if (top === 'packages') settings.push({ kind: 'entries', key: 'packages', value, line });
    else settings.push({ kind: /built|script|hook|allowBuilds|pnpmfile/i.test(top) ? 'scripts' : 'registries', key: path.filter((key) => key !== '-').join('.'), value, line });
  }
  return { dependencies, settings };
}

/** conda's `environment.yml`. */
export function readConda(text: string): Manifest {
  const leaves = leavesOf(text);
  const dependencies = leaves.flatMap(({ path, value, line }): Dependency[] => {
    if (path[0] !== 'dependencies') return [];
    if (path.includes('pip')) {
      const parsed = parseRequirement(value, 'pip', line);
      return [parsed ?? { ecosystem: 'pypi', section: 'pip', name: value, requirement: '', source: 'url', line }];
    }
    const [, channel, name = value, requirement = ''] = /^(?:([^:\s]+)::)?([\w.-]+)\s*(.*)$/.exec(value) ?? [];
    return [{ ecosystem: 'conda', section: 'dependencies', name: name.toLowerCase(), requirement, source: channel === undefined ? null : `registry ${channel}`, line }];
  });
  const settings = leaves.filter(({ path }) => path[0] === 'channels').map(({ value, line }): Setting => ({ kind: 'registries', key: 'channels', value, line }));
  return { dependencies, settings };
}

/** `.yarnrc.yml` and other YAML that sets registries: every value counts. */
export const readYamlSettings = (text: string): Manifest => ({
  dependencies: [],
  settings: leavesOf(text).map(({ path, value, line }) => ({ kind: /^(?:plugins|yarnPath|enableScripts|injectEnvironmentFiles)/.test(path[0] ?? '') ? 'scripts' : 'registries', key: path.filter((key) => key !== '-').join('.').slice(0, 120), value, line })),
});
