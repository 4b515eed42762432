import type { ContextFile, RepositoryContext } from '../../domain/context.ts';
import { folderOf, placeKey, type FilePlace, type TouchedFile } from './touched.ts';

/** A test that would notice, and why that is thought: a fact of the pinned tree or of the change. */
export interface CoveringTest extends FilePlace {
  readonly why: string;
  /** False: it neither names nor imports what changes, it only leads there through other files. */
  readonly direct: boolean;
}

/** Imports between a test and what it covers, when it also names what changes. */
const HOPS_MAX = 3;
/** A name that this many files define says little about which one a test means. */
const DEFINERS_MAX = 2;
/** A shorter name is too common a word to mean one definition by itself. */
const DISTINCT_LENGTH = 6;
/** Names of files that say what a package is, not what is in them. */
const COMMON_STEM = /^(?:index|main|lib|mod|init|__init__|types?|utils?|base|common|helpers?|core)$/i;

/**
 * Tests of what changes, the nearest first: those that the change itself adds or edits, those in the file, those that
 * name a changed definition, those named after a file, those that import one; where there is none of these, those that
 * lead to it through other files. Among equals, those first that speak of what the changed lines speak of.
 */
export function coveringTests(touched: readonly TouchedFile[], context: RepositoryContext, importers: readonly { readonly from: FilePlace; readonly to: FilePlace }[]): CoveringTest[] {
  const files = new Map(context.repos.flatMap(({ repo, files: all }) => all.map((file) => [placeKey({ repo, path: file.path }), file] as const)));
  const listed = context.repos.flatMap(({ repo, tests: all }) => all.map(({ path }) => ({ repo, path })));
  const isTest = new Set(listed.map(placeKey));
  const code = touched.filter((file) => !isTest.has(placeKey(file)) && !isNewTest(file));
  const tests = bySharedWords(listed, code, files);
  const users = usersOf(context);
  const found = new Map<string, CoveringTest>();
  const add = (place: FilePlace, why: string): void => {
    const key = placeKey(place);
    if (!found.has(key)) found.set(key, { repo: place.repo, path: place.path, why, direct: true });
  };
  for (const file of touched) if (file.operation !== 'delete' && (isTest.has(placeKey(file)) || isNewTest(file))) add(file, file.known === null ? 'comes with the change' : 'changes with it');
  for (const file of code) if (file.known?.language === 'Rust' && file.known.symbols.some(({ kind, name }) => kind === 'module' && /^tests?$/.test(name))) add(file, 'has tests of its own');
  const naming = namingTests(code, { context, files, users });
  const namesakes = tests.filter((test) => code.some((each) => each.repo === test.repo && isNamedAfter(test.path, each.path)));
  const namers = tests.flatMap((test) => { const name = naming(test); return name === null ? [] : [{ test, name }]; });
  const both = new Set(namesakes.map(placeKey));
  for (const { test, name } of namers) if (both.has(placeKey(test))) add(test, `names \`${name}\``);
  for (const test of namesakes) add(test, 'is named after it');
  for (const { test, name } of namers) add(test, `names \`${name}\``);
  const targets = new Set(code.map(placeKey));
  const importing = new Set(importers.filter(({ to }) => targets.has(placeKey(to))).map(({ from }) => placeKey(from)));
  for (const test of tests) if (importing.has(placeKey(test))) add(test, 'imports it');
  // A Go test is in the package that it tests, and imports nothing of it.
  for (const test of tests) if (code.some((file) => file.known?.language === 'Go' && file.repo === test.repo && folderOf(file.path) === folderOf(test.path))) add(test, 'is in its package');
  const isHelper = (test: FilePlace): boolean => users.get(placeKey(test))?.some((user) => isTest.has(placeKey(user))) === true;
  const direct = [...found.values()];
  return direct.every(isHelper) ? [...direct, ...throughOthers(tests, code, users).filter((test) => !found.has(placeKey(test)))] : direct;
}

/** Tests that lead to what changes by a few imports: what is left to say where none, or only what tests share, names or imports it. */
function throughOthers(tests: readonly FilePlace[], code: readonly TouchedFile[], users: Users): CoveringTest[] {
  const reached = new Map(code.flatMap((file) => [...leadsTo(file, users)]));
  return tests.flatMap((test) => {
    const through = reached.get(placeKey(test));
    return through === undefined ? [] : [{ repo: test.repo, path: test.path, why: `leads to it through \`${through.path}\``, direct: false }];
  });
}

/** Tests whose words are those of the changed lines first; a word counts the more, the fewer tests have it. */
function bySharedWords(tests: readonly FilePlace[], code: readonly TouchedFile[], files: ReadonlyMap<string, ContextFile>): readonly FilePlace[] {
  const words = new Set(code.flatMap((file) => [...file.words]));
  const shared = tests.map((test) => (files.get(placeKey(test))?.references ?? []).filter((word) => words.has(word)));
  const having = new Map<string, number>();
  for (const own of shared) for (const word of own) having.set(word, (having.get(word) ?? 0) + 1);
  const scored = tests.map((test, index) => ({ test, score: (shared[index] ?? []).reduce((sum, word) => sum + Math.log1p(tests.length / (having.get(word) ?? 1)), 0) }));
  return scored.toSorted((left, right) => right.score - left.score).map(({ test }) => test);
}

/** For a test, the changed definition that it names, when it means that one: it lies beside it, leads to it by imports, or nobody else defines such a name. */
function namingTests(code: readonly TouchedFile[], { context, files, users }: { context: RepositoryContext; files: ReadonlyMap<string, ContextFile>; users: Users }): (test: FilePlace) => string | null {
  const definers = new Map<string, number>();
  for (const { files: all } of context.repos) for (const file of all) if (file.kind === 'source') for (const name of new Set(file.symbols.map((symbol) => symbol.name))) definers.set(name, (definers.get(name) ?? 0) + 1);
  const wanted = code.map((file) => ({ file, names: file.definitions.flatMap(({ names }) => names.slice(0, 1)).filter((name) => name.length > 2) })).filter(({ names }) => names.length > 0).map((each) => ({ ...each, near: leadsTo(each.file, users) }));
  return (test) => {
    const references = new Set(files.get(placeKey(test))?.references);
    if (references.size === 0) return null;
    for (const { file, names, near } of wanted) {
      const isNear = near.has(placeKey(test)) || (file.repo === test.repo && packageFolder(file.path) === packageFolder(test.path));
      const name = names.find((each) => references.has(each) && (isNear || (each.length >= DISTINCT_LENGTH && file.repo === test.repo && (definers.get(each) ?? 0) <= DEFINERS_MAX)));
      if (name !== undefined) return name;
    }
    return null;
  };
}

/** For each file those that import it. */
type Users = ReadonlyMap<string, readonly FilePlace[]>;

function usersOf({ repos }: RepositoryContext): Users {
  const users = new Map<string, FilePlace[]>();
  for (const { repo, files } of repos) {
    for (const { path, imports } of files) {
      for (const { target } of imports) {
        if (target === null) continue;
        const own = users.get(placeKey(target));
        if (own === undefined) users.set(placeKey(target), [{ repo, path }]);
        else own.push({ repo, path });
      }
    }
  }
  return users;
}

/** Files that lead to one by at most three imports, each with the last file on its way there (that file itself when it imports it). */
function leadsTo(file: FilePlace, users: Users): ReadonlyMap<string, FilePlace> {
  const reached = new Map<string, FilePlace>();
  let front: FilePlace[] = [file];
  for (let hop = 0; hop < HOPS_MAX; hop++) {
    const next: FilePlace[] = [];
    for (const at of front) {
      for (const user of users.get(placeKey(at)) ?? []) {
        if (reached.has(placeKey(user))) continue;
        reached.set(placeKey(user), at);
        next.push(user);
      }
    }
    front = next;
  }
  return reached;
}

/** The folder of a package: in the usual Java layout the tests of a package lie in a tree of their own. */
const packageFolder = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1).replace(/(^|\/)src\/(?:main|test)\//, '$1src/');

const stemOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1).replace(/\..*$/, '');

function isNamedAfter(test: string, file: string): boolean {
  const stem = stemOf(file).toLowerCase();
  const named = test.slice(test.lastIndexOf('/') + 1).replace(/\.\w+$/, '').replace(/^test[_-]|[._-](?:test|tests|spec|check)$|tests?$|^(?:spec|tc)_/i, '').toLowerCase();
  return stem.length > 2 && !COMMON_STEM.test(stem) && named === stem;
}

const isNewTest = ({ known, kind }: TouchedFile): boolean => known === null && kind === 'test';
