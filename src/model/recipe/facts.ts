import type { ContextFile, RepoFacts, RepositoryContext } from '../../domain/context.ts';
import type { Evidence } from '../../domain/documents.ts';
import type { RepoName } from '../../domain/ids.ts';
import type { ChangeBlock } from './change.ts';
import type { BlockFile } from './block-files.ts';

/** One path that the change touches, with what the pinned tree knows of it (null: it is new). */
export interface TouchedFile {
  readonly repo: RepoName;
  readonly path: string;
  readonly operation: BlockFile['operation'];
  readonly added: number;
  readonly removed: number;
  readonly task: string | null;
  readonly known: ContextFile | null;
}

export interface FilePlace {
  readonly repo: RepoName;
  readonly path: string;
}

/** A package (or, without a manifest, a top-level folder) that holds touched files or imports one. */
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

/** Everything the documents say about the change, taken from the context. */
export interface ChangeFacts {
  readonly touched: readonly TouchedFile[];
  readonly components: readonly Component[];
  /** Files outside the change that import a touched file, over all repositories. */
  readonly importers: readonly { readonly from: FilePlace; readonly to: FilePlace; readonly names: readonly string[] }[];
  /** Tests that import a touched file, and tests that the change itself touches. */
  readonly tests: readonly FilePlace[];
  readonly evidence: readonly Evidence[];
  /** Evidence id of a file, or null when it is not cited. */
  readonly cite: (place: FilePlace) => string | null;
}

const EVIDENCE_MAX = 200;
export const placeKey = ({ repo, path }: FilePlace): string => `${repo}:${path}`;
const unique = <Item extends FilePlace>(items: readonly Item[]): Item[] => [...new Map(items.map((item) => [placeKey(item), item])).values()];

export function changeFacts(blocks: readonly ChangeBlock[], context: RepositoryContext): ChangeFacts {
  const touched = touchedFiles(blocks, context);
  const keys = new Set(touched.map(placeKey));
  const importers = importersOf(context, keys);
  const testKeys = new Set(context.repos.flatMap(({ repo, tests }) => tests.map(({ path }) => placeKey({ repo, path }))));
  const tests = unique([
    ...touched.filter((file) => testKeys.has(placeKey(file)) || isNewTest(file)),
    ...importers.map(({ from }) => from).filter((from) => testKeys.has(placeKey(from))),
  ]).map(({ repo, path }) => ({ repo, path }));
  const outside = importers.filter(({ from }) => !keys.has(placeKey(from)));
  const components = componentsOf(touched, unique(outside.map(({ from }) => from)), context);
  const manifests = context.repos.flatMap(({ repo, manifests: all }) => all.filter(({ path }) => components.some((each) => each.repo === repo && each.root === folderOf(path))).map(({ path }) => ({ repo, path })));
  const evidence = evidenceFor([...touched, ...outside.map(({ from }) => from), ...tests, ...manifests], context);
  const ids = new Map(evidence.map((each) => [placeKey(each), each.id]));
  return { touched, components, importers: outside, tests, evidence, cite: (place) => ids.get(placeKey(place)) ?? null };
}

/** One entry a path: several blocks for a file are one change, and the first block's task owns it. */
function touchedFiles(blocks: readonly ChangeBlock[], context: RepositoryContext): TouchedFile[] {
  const files = new Map<string, TouchedFile>();
  for (const block of blocks) {
    for (const { path, operation, from, ...lines } of block.files) {
      const key = placeKey({ repo: block.repo, path });
      const known = fileIn(context, { repo: block.repo, path });
      const before = files.get(key);
      // A deleted or moved file counts with all its lines: the tree delta knows no renames.
      const removed = lines.removed + (operation === 'delete' && lines.removed === 0 ? (known?.lines ?? 0) : 0);
      const added = lines.added + (from === null ? 0 : (fileIn(context, { repo: block.repo, path: from })?.lines ?? 0));
      files.set(key, before === undefined
        ? { repo: block.repo, path, operation, added, removed, task: block.task, known }
        : { ...before, operation: known === null ? 'add' : operation === 'delete' ? 'delete' : before.operation, added: before.added + added, removed: before.removed + removed });
    }
  }
  return [...files.values()];
}

export function fileIn(context: RepositoryContext, place: FilePlace): ContextFile | null {
  return context.repos.find(({ repo }) => repo === place.repo)?.files.find(({ path }) => path === place.path) ?? null;
}

const isNewTest = (file: TouchedFile): boolean => file.known === null && /(?:^|\/)(?:tests?|__tests__|spec)\/|[._-](?:test|spec)\.\w+$|(?:^|\/)test_[^/]+\.py$/i.test(file.path);
const folderOf = (path: string): string => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '');

function importersOf(context: RepositoryContext, touched: ReadonlySet<string>): ChangeFacts['importers'] {
  return context.repos.flatMap(({ repo, files }) =>
    files.flatMap((file) => file.imports.flatMap(({ target, names }) => (target !== null && touched.has(placeKey(target)) ? [{ from: { repo, path: file.path }, to: target, names }] : []))),
  );
}

/** Groups files by the nearest package root above them; without one, by their top-level folder. Touched components first. */
function componentsOf(touched: readonly TouchedFile[], users: readonly FilePlace[], context: RepositoryContext): Component[] {
  const groups = new Map<string, { repo: RepoName; root: string; files: TouchedFile[]; users: FilePlace[] }>();
  const groupFor = ({ repo, path }: FilePlace): { files: TouchedFile[]; users: FilePlace[] } => {
    const root = packageRoot(context.repos.find((each) => each.repo === repo), path);
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

function packageRoot(facts: RepoFacts | undefined, path: string): string {
  const roots = (facts?.manifests ?? []).map((manifest) => folderOf(manifest.path)).filter((root) => root === '' || path.startsWith(`${root}/`));
  const nearest = roots.toSorted((left, right) => right.length - left.length)[0];
  return nearest ?? (path.includes('/') ? path.slice(0, path.indexOf('/')) : '');
}

const ECOSYSTEM = {
  npm: 'npm package', python: 'Python project', go: 'Go module', cargo: 'Cargo package', maven: 'Maven project', gradle: 'Gradle project', composer: 'Composer package',
  rubygems: 'Ruby gem', nuget: '.NET project', pub: 'Dart package', swift: 'Swift package',
} as const;

function roleOf(group: { repo: RepoName; root: string; files: readonly TouchedFile[] }, context: RepositoryContext): string {
  const facts = context.repos.find(({ repo }) => repo === group.repo);
  const manifest = facts?.manifests.find(({ path }) => folderOf(path) === group.root);
  const what = manifest === undefined ? (group.root === '' ? 'the repository' : `the folder ${group.root}`) : `${ECOSYSTEM[manifest.ecosystem]} ${manifest.name ?? 'without a name'}`;
  const prefix = group.root === '' ? '' : `${group.root}/`;
  const entries = (facts?.entryPoints ?? []).filter((path) => path.startsWith(prefix)).slice(0, 3);
  const languages = [...new Set(group.files.flatMap((file) => file.known?.language ?? []))];
  return [...(group.files.length === 0 ? ['uses what changes and stays as it is'] : []), what, ...(languages.length > 0 ? [`in ${languages.join(', ')}`] : []), ...(entries.length > 0 ? [`entry points ${entries.join(', ')}`] : [])].join('; ');
}

/** Cites each file once, in the order given; only what exists in the pinned tree can be cited. */
function evidenceFor(places: readonly FilePlace[], context: RepositoryContext): Evidence[] {
  const known = unique(places.map(({ repo, path }) => ({ repo, path }))).flatMap((place) => {
    const file = fileIn(context, place);
    const facts = context.repos.find(({ repo }) => repo === place.repo);
    return file === null || facts === undefined ? [] : [{ ...place, commit: facts.commit, blob: file.blob }];
  });
  return known.slice(0, EVIDENCE_MAX).map(({ repo, path, commit, blob }, index) => ({ id: `E${index + 1}`, repo, commit, path, lines: null, blob }));
}
