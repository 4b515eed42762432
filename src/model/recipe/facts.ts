import type { RepoFacts, RepositoryContext } from '../../domain/context.ts';
import type { Evidence } from '../../domain/documents.ts';
import type { RepoName } from '../../domain/ids.ts';
import type { ChangeBlock } from './change.ts';
import { coveringTests, type CoveringTest } from './covering.ts';
import { most, placeNamer, quoted, type NamePlace } from './phrases.ts';
import { fileIn, folderOf, placeKey, touchedFiles, type FilePlace, type TouchedFile } from './touched.ts';

/** A component of the context's topology that holds touched files or files that import one. */
export interface Component {
  readonly id: string;
  readonly repo: RepoName;
  readonly root: string;
  readonly role: string;
  /** The touched files; empty for a component that only uses what changes. */
  readonly files: readonly TouchedFile[];
  /** The files outside the change that import a touched one. */
  readonly users: readonly FilePlace[];
}

export interface Importer {
  readonly from: FilePlace;
  readonly to: FilePlace;
  /** What it takes; `*` for everything. */
  readonly names: readonly string[];
  /** It takes something that the change reaches into, or everything. */
  readonly takesChanged: boolean;
}

/** Everything the documents say about the change, taken from the context. */
export interface ChangeFacts {
  readonly touched: readonly TouchedFile[];
  readonly components: readonly Component[];
  /** Files outside the change that import a touched file, over all repositories, tests left out. */
  readonly importers: readonly Importer[];
  /** Tests of what changes, the nearest first. */
  readonly tests: readonly CoveringTest[];
  readonly evidence: readonly Evidence[];
  /** Evidence id of a file, or null when it is not cited. */
  readonly cite: (place: FilePlace) => string | null;
  /** How a file is called in a sentence. */
  readonly name: NamePlace;
  /** The folder of the package that a file belongs to. */
  readonly packageOf: (place: FilePlace) => string;
}

/** Imports of files that the change takes away, in files that stay as they are: they will not find what they name. */
export const brokenImports = ({ importers, touched }: Pick<ChangeFacts, 'importers' | 'touched'>): readonly Importer[] => {
  const gone = new Set(touched.filter(({ operation }) => operation === 'delete').map(placeKey));
  return importers.filter(({ to }) => gone.has(placeKey(to)));
};

const EVIDENCE_MAX = 200;
/** Importers and tests that are cited; the documents name the first of them and count the rest. */
const OTHERS_MAX = 12;
const unique = <Item extends FilePlace>(items: readonly Item[]): Item[] => [...new Map(items.map((item) => [placeKey(item), item])).values()];

export function changeFacts(blocks: readonly ChangeBlock[], context: RepositoryContext): ChangeFacts {
  const touched = touchedFiles(blocks, context);
  const keys = new Set(touched.map(placeKey));
  const all = importersOf(context, touched);
  const tests = coveringTests(touched, context, all);
  const isTest = new Set(context.repos.flatMap(({ repo, tests: own }) => own.map(({ path }) => placeKey({ repo, path }))));
  const importers = all.filter(({ from }) => !keys.has(placeKey(from)) && !isTest.has(placeKey(from)));
  const components = componentsOf(touched, unique(importers.map(({ from }) => from)), context);
  const manifests = context.repos.flatMap(({ repo, manifests: own }) => own.filter(({ path }) => components.some((each) => each.repo === repo && each.root === folderOf(path))).map(({ path }) => ({ repo, path })));
  const evidence = evidenceFor([...touched.filter(({ known }) => known !== null), ...unique(importers.map(({ from }) => from)).slice(0, OTHERS_MAX), ...tests.slice(0, OTHERS_MAX), ...manifests], { touched, context });
  const ids = new Map(evidence.map((each) => [placeKey(each), each.id]));
  return { touched, components, importers, tests, evidence, cite: (place) => ids.get(placeKey(place)) ?? null, name: placeNamer(context.repos.length), packageOf: ({ repo, path }) => packageRoot(context.repos.find((each) => each.repo === repo), path) };
}

const DECLARATION = /\.d\.([cm]?)ts$/;
const codeOf = (path: string): string => path.replace(/(?:\.d)?\.([cm]?)[jt]s$/, '.$1js');

/** Those that take a changed name come first. */
function importersOf(context: RepositoryContext, touched: readonly TouchedFile[]): Importer[] {
  const byPlace = new Map(touched.map((file) => [placeKey(file), file]));
  // Who imports code takes the types that are declared beside it as well.
  const declarations = new Map(touched.filter(({ path }) => DECLARATION.test(path)).map((file) => [placeKey({ repo: file.repo, path: codeOf(file.path) }), file]));
  const found = context.repos.flatMap(({ repo, files: all }) =>
    all.flatMap((file) => file.imports.flatMap(({ target, names }) => {
      if (target === null) return [];
      const taken = names.length === 0 ? ['*'] : names;
      return [byPlace.get(placeKey(target)), declarations.get(placeKey({ ...target, path: codeOf(target.path) }))].filter((to) => to !== undefined).filter((to, index, all) => all.indexOf(to) === index).map((to) => {
        const changed = to.definitions.flatMap((definition) => definition.names);
        return { from: { repo, path: file.path }, to, names: taken, takesChanged: changed.some((name) => taken.includes(name) || (taken.includes('*') && file.references.includes(name))) };
      });
    })),
  );
  return found.toSorted((left, right) => Number(right.takesChanged) - Number(left.takesChanged));
}

/** Groups files by the nearest component of the topology above them. Touched components first. */
function componentsOf(touched: readonly TouchedFile[], users: readonly FilePlace[], context: RepositoryContext): Component[] {
  const groups = new Map<string, { repo: RepoName; root: string; files: TouchedFile[]; users: FilePlace[] }>();
  const groupFor = ({ repo, path }: FilePlace): { files: TouchedFile[]; users: FilePlace[] } => {
    const root = componentRoot(context, { repo, path });
    const key = placeKey({ repo, path: root });
    const group = groups.get(key) ?? { repo, root, files: [], users: [] };
    groups.set(key, group);
    return group;
  };
  for (const file of touched) groupFor(file).files.push(file);
  for (const user of users) groupFor(user).users.push(user);
  return [...groups.values()].slice(0, 100).map((group, index) => ({ id: `C${index + 1}`, ...group, role: roleOf(group, context) }));
}

/** The component a file belongs to. */
export function componentOf(place: FilePlace, components: readonly Component[]): Component | null {
  const holds = (list: readonly FilePlace[]): boolean => list.some((each) => each.repo === place.repo && each.path === place.path);
  return components.find((component) => holds(component.files) || holds(component.users)) ?? null;
}

/** The same components as in the tables of facts; where the context names none, the package. */
function componentRoot(context: RepositoryContext, { repo, path }: FilePlace): string {
  const roots = context.topology.components.filter((each) => each.repo === repo && (each.root === '' || path.startsWith(`${each.root}/`))).map(({ root }) => root);
  return roots.toSorted((left, right) => right.length - left.length)[0] ?? packageRoot(context.repos.find((each) => each.repo === repo), path);
}

/** The folder of the nearest manifest above a file; without one, its top-level folder. */
function packageRoot(facts: RepoFacts | undefined, path: string): string {
  const roots = (facts?.manifests ?? []).map((manifest) => folderOf(manifest.path)).filter((root) => root === '' || path.startsWith(`${root}/`));
  const nearest = roots.toSorted((left, right) => right.length - left.length)[0];
  return nearest ?? (path.includes('/') ? path.slice(0, path.indexOf('/')) : '');
}

const ECOSYSTEM = {
  npm: 'npm package', python: 'Python project', go: 'Go module', cargo: 'Cargo package', maven: 'Maven project', gradle: 'Gradle project', composer: 'Composer package',
  rubygems: 'Ruby gem', nuget: '.NET project', pub: 'Dart package', swift: 'Swift package', hex: 'Mix project',
} as const;

function roleOf(group: { repo: RepoName; root: string; files: readonly TouchedFile[] }, context: RepositoryContext): string {
  const facts = context.repos.find(({ repo }) => repo === group.repo);
  const manifest = facts?.manifests.find(({ path }) => folderOf(path) === group.root);
  const place = group.root === '' ? 'the root of the repository' : `the folder ${quoted(group.root)}`;
  const what = manifest === undefined ? place : `${ECOSYSTEM[manifest.ecosystem]}${manifest.name === null ? '' : ` ${quoted(manifest.name)}`} in ${place}`;
  const changed = group.files.flatMap(({ definitions }) => definitions.map(({ name }) => quoted(name)));
  const does = group.files.length === 0 ? 'Uses what changes and stays as it is' : group.files.every((file) => isTestFile(file)) ? 'Tests that change' : changed.length === 0 ? 'Changes' : `Changes in ${most(changed, 6)}`;
  const prefix = group.root === '' ? '' : `${group.root}/`;
  const entries = (facts?.entryPoints ?? []).filter((path) => path.startsWith(prefix) && componentRoot(context, { repo: group.repo, path }) === group.root);
  return `${does}: ${what}${entries.length === 0 ? '' : `, entered at ${most(entries.map(quoted), 3)}`}`;
}

const isTestFile = ({ kind }: TouchedFile): boolean => kind === 'test';
/** Cites each file once, in the order given, a changed one with its lines; only what exists in the pinned tree can be cited. */
function evidenceFor(places: readonly FilePlace[], { touched, context }: { touched: readonly TouchedFile[]; context: RepositoryContext }): Evidence[] {
  // Everything but a new file of the change is in the tree, so that as many places as evidence are enough to look at.
  const known = unique(places.map(({ repo, path }) => ({ repo, path }))).slice(0, EVIDENCE_MAX).flatMap((place) => {
    const file = fileIn(context, place);
    const facts = context.repos.find(({ repo }) => repo === place.repo);
    const lines = touched.find((each) => placeKey(each) === placeKey(place))?.lines ?? null;
    return file === null || facts === undefined ? [] : [{ ...place, commit: facts.commit, lines, blob: file.blob }];
  });
  return known.map(({ repo, path, commit, lines, blob }, index) => ({ id: `E${index + 1}`, repo, commit, path, lines, blob }));
}
