import type { Plan, Scope } from '../../domain/documents.ts';
import type { RepoName } from '../../domain/ids.ts';
import type { Trees } from './places.ts';

// A non-goal says in words what is left alone. Only one that promises a whole file or folder can be held against a path:
// "Changing the signature of `add` in `src/queue.ts`" speaks of that file and leaves it open.

/** With nothing but these words around its paths, a non-goal is about all of what the paths hold. */
const LEAVING = new Set(
  `a all alone and any anything are as at be change changed changes changing code content contents do does done edit edited editing edits every everything exactly file files folder folders
  directory in including is it itself its keep keeps leave leaves leaving left modification modifications modified modify modifying must no not nothing of or out
  remain remains shall stay stays that the their them these they this those to touch touched touching under unchanged unmodified untouched update updated updates updating
  was way what whole will with within
  build ci config configuration dependencies dependency docs documentation changelog readme example examples benchmark benchmarks licence license lockfile manifest package packages test tests tooling workflow workflows
  alle alles an änderung änderungen bleiben bleibt das datei dateien der des die dokumentation es im keine keinerlei nicht nichts ordner sich so und unter unverändert verändern wie wird ändern ändert`.split(/\s+/u),
);

const PATH_WORD = /[./*]/u;
const wordsOf = (text: string): string[] => text.split(/[\s,;:()`"'„“”«»]+/u).map((word) => word.replace(/^\.\//u, '').replace(/[.!?]+$/u, '')).filter((word) => word !== '');

/** The paths that a non-goal promises to leave alone as a whole; none when it says more than that. */
function pathsLeft(nonGoal: string): string[] {
  // "Code that is not in `src/`" is about all the rest.
  if (/\bnot\s+(?:in|under|within|below)\b/iu.test(nonGoal)) return [];
  const words = wordsOf(nonGoal);
  const paths = words.filter((word) => PATH_WORD.test(word) && /\p{L}/u.test(word));
  return paths.length > 0 && words.every((word) => paths.includes(word) || LEAVING.has(word.toLowerCase())) ? paths.slice(0, 200) : [];
}

/** The files that non-goals leave alone: named by path, by a glob of everything below, by their folder, or by a name that only one file has. */
function leftAlone({ nonGoals }: Scope): (path: string, files: ReadonlySet<string>) => boolean {
  const named = nonGoals.flatMap(pathsLeft);
  return (path, files) =>
    named.some((word) => {
      const folder = word.replace(/\/(?:\*{1,2}(?:\/\*)?)?$/u, '');
      if (word === path || (folder !== word && path.startsWith(`${folder}/`)) || (word.includes('/') && path.startsWith(`${word}/`))) return true;
      return !word.includes('/') && path.endsWith(`/${word}`) && [...files].filter((file) => file === word || file.endsWith(`/${word}`)).length === 1;
    });
}

const filesOf = (trees: Trees, repo: RepoName): ReadonlySet<string> => trees.get(repo) ?? new Set<string>();

/** A non-goal that names a file or its folder is a promise to leave it alone. */
export function planAgainstNonGoals(scope: Scope, { tasks }: Plan, trees: Trees): string[] {
  const isLeft = leftAlone(scope);
  return tasks.flatMap(({ id, repo, files }) => files.filter(({ path }) => isLeft(path, filesOf(trees, repo))).map(({ path }) => `Task ${id} plans ${path}, which a non-goal leaves alone.`));
}

/** What is allowed to change cannot be what a non-goal leaves alone, and no goal or criterion asks for what a non-goal leaves out. */
export function scopeAgainstNonGoals(scope: Scope, trees: Trees): string[] {
  const isLeft = leftAlone(scope);
  const left = new Map(scope.nonGoals.map((text) => [gist(text), text] as const));
  const isLeftOut = (text: string): boolean => gist(text) !== '' && left.has(gist(text));
  return [
    ...scope.allowedPaths.flatMap(({ repo, paths }) => paths.filter((path) => isLeft(path, filesOf(trees, repo))).map((path) => `The scope allows ${path} in ${repo}, which a non-goal leaves alone.`)),
    ...scope.goals.filter(isLeftOut).map((goal) => `"${goal.slice(0, 200)}" is a goal and a non-goal.`),
    ...scope.acceptanceCriteria.filter(({ sentence, then }) => isLeftOut(then) || isLeftOut(sentence)).map(({ id, then, sentence }) => `Criterion ${id} asks for what a non-goal leaves out: "${(left.get(gist(then)) ?? left.get(gist(sentence)) ?? '').slice(0, 200)}".`),
  ];
}

const SMALL = new Set('a an any be do for in is it no not of on or out some that the to will shall must should with new also keine kein nicht ein eine der die das'.split(' '));

/** A text without its small words and endings: "Adding a `--json` flag" and "Add the --json flag" say the same. */
const gist = (text: string): string =>
  (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => !SMALL.has(word)).map((word) => word.replace(/(?<=\p{L}{3})(?:ing|ed|es|s|e)$/u, '')).join(' ');
