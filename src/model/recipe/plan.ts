import type { Plan, Scope } from '../../domain/documents.ts';
import type { RepoName } from '../../domain/ids.ts';
import type { ChangeFacts } from './facts.ts';
import { codeWords, joined, listed, most, quoted } from './phrases.ts';
import { placeKey, type TouchedFile } from './touched.ts';

type Content = Pick<Plan, 'tasks' | 'budget' | 'rollback'>;
type Task = Plan['tasks'][number];

/** A reviewer's amendment may make the change a little larger, never twice as large. */
const MARGIN = { factor: 1.5, lines: 20, files: 0 } as const;

/** In which order repositories change, and for each the others that it uses. */
export interface RepoOrder {
  readonly order: readonly RepoName[];
  readonly needs: ReadonlyMap<RepoName, ReadonlySet<RepoName>>;
}

/** One task a repository and component, or as the blocks' own `task=` says; every criterion has a task. */
export function describePlan(criteria: Scope['acceptanceCriteria'], facts: ChangeFacts, { order, needs }: RepoOrder): Content {
  const groups = taskGroups(facts, order);
  const tasks = groups.map((group): Omit<Task, 'criteriaIds' | 'dependsOn'> => ({
    id: group.id,
    title: titleOf(group.files),
    repo: group.repo,
    files: group.files.map(({ path, operation }) => ({ path, operation })),
    verification: verificationOf(group.files, facts),
  }));
  const lines = facts.touched.reduce((sum, file) => sum + file.added + file.removed, 0);
  return {
    tasks: withCriteria(tasks, criteria, groups).map((task) => ({ ...task, dependsOn: dependenciesOf(task, groups, { order, needs }) })),
    budget: { files: facts.touched.length + MARGIN.files, lines: Math.ceil(lines * MARGIN.factor) + MARGIN.lines },
    rollback: rollbackOf(groups, { order, needs }),
  };
}

interface TaskGroup {
  readonly id: string;
  readonly repo: RepoName;
  readonly files: readonly TouchedFile[];
}

/** In the order of the repositories. A task serves one: the same `task=` in two repositories becomes two tasks. */
function taskGroups(facts: ChangeFacts, order: readonly RepoName[]): TaskGroup[] {
  const groups = new Map<string, { wanted: string | null; repo: RepoName; files: TouchedFile[] }>();
  // What a file leaves by moving belongs to where it goes.
  const targets = new Map(facts.touched.flatMap((file) => (file.movedFrom === null ? [] : [[`${file.repo}\0${file.movedFrom}`, file] as const])));
  for (const file of facts.touched) {
    const place = (file.operation === 'delete' ? targets.get(`${file.repo}\0${file.path}`) : undefined) ?? file;
    const key = file.task === null ? `${file.repo}\0\0${facts.packageOf(place)}` : `${file.repo}\0${file.task}`;
    const group = groups.get(key) ?? { wanted: file.task, repo: file.repo, files: [] };
    group.files.push(file);
    groups.set(key, group);
  }
  const all = [...groups.values()].toSorted((left, right) => order.indexOf(left.repo) - order.indexOf(right.repo));
  const taken = new Set(all.flatMap((group) => group.wanted ?? []));
  const used = new Set<string>();
  return all.map(({ wanted, ...group }) => {
    const id = wanted !== null && !used.has(wanted) ? wanted : freeId(taken, used);
    used.add(id);
    return { id, ...group };
  });
}

function freeId(taken: ReadonlySet<string>, used: ReadonlySet<string>): string {
  for (let number = 1; ; number++) if (!taken.has(`T${number}`) && !used.has(`T${number}`)) return `T${number}`;
}

/** A criterion that names a task, a file or an exported name of one task belongs to it; any other belongs to all. */
function withCriteria(tasks: readonly Omit<Task, 'criteriaIds' | 'dependsOn'>[], criteria: Scope['acceptanceCriteria'], groups: readonly TaskGroup[]): Omit<Task, 'dependsOn'>[] {
  const owners = criteria.map((criterion) => {
    const text = `${criterion.when} ${criterion.then}`;
    const words = new Set(text.split(/[^\w./-]+/).map((word) => word.replace(/\.$/, '')));
    const byName = groups.filter((group) => words.has(group.id) || group.files.some((file) => namesOf(file).some((name) => words.has(name))));
    const codes = codeWords(text);
    // What it calls by name may stand in the lines of one task alone.
    const named = byName.length > 0 ? byName : groups.filter((group) => codes.some((word) => group.files.some((file) => file.words.has(word))));
    return { id: criterion.id, tasks: new Set((named.length > 0 ? named : groups).map((group) => group.id)) };
  });
  return tasks.map((task) => {
    const own = owners.filter((owner) => owner.tasks.has(task.id)).map((owner) => owner.id);
    // A task that no criterion names still has to serve one: it is part of the whole change.
    return { ...task, criteriaIds: own.length > 0 ? own : criteria.map((criterion) => criterion.id) };
  });
}

/** Everything that a repository uses, directly or through others. */
function neededBy(repo: RepoName, needs: RepoOrder['needs']): ReadonlySet<RepoName> {
  const found = new Set<RepoName>();
  for (let front: readonly RepoName[] = [repo]; front.length > 0; ) {
    front = front.flatMap((each) => [...(needs.get(each) ?? [])]).filter((each) => !found.has(each));
    for (const each of front) found.add(each);
  }
  return found;
}

const namesOf = (file: TouchedFile): string[] => [
  file.path, file.path.slice(file.path.lastIndexOf('/') + 1),
  ...(file.known?.symbols ?? []).filter((symbol) => symbol.exported && symbol.name.length > 3 && symbol.name !== 'default').map((symbol) => symbol.name),
  ...file.definitions.map(({ names: [own = ''] }) => own).filter((own) => own.length > 3),
];

/** "Change `src/a.ts` (`open`) and `test/a.test.ts`": what a colleague would look for. */
function titleOf(files: readonly TouchedFile[]): string {
  const named = (list: readonly TouchedFile[]): string => {
    const names = list.map(({ path, definitions }) => `${quoted(path)}${definitions.length === 0 || list.length > 3 ? '' : ` (${most(definitions.map(({ name }) => quoted(name)), 2)})`}`);
    return names.length > 4 ? most(names, 3) : joined(names);
  };
  const moves = files.filter(({ operation, movedFrom }) => operation === 'add' && movedFrom !== null && files.some((file) => file.operation === 'delete' && file.path === movedFrom));
  const gone = new Set(moves.map(({ movedFrom }) => movedFrom));
  const rest = files.filter((file) => !moves.includes(file) && !(file.operation === 'delete' && gone.has(file.path)));
  const parts = (['modify', 'add', 'delete'] as const).flatMap((operation) => {
    const own = rest.filter((file) => file.operation === operation);
    return own.length === 0 ? [] : [`${VERBS[operation]} ${named(own)}`];
  });
  if (moves.length > 0) parts.push(`Move ${most(moves.map(({ path, movedFrom }) => `${quoted(movedFrom ?? '')} to ${quoted(path)}`), 3)}`);
  return parts.map((part, index) => (index === 0 ? part : part.slice(0, 1).toLowerCase() + part.slice(1))).join('; ').slice(0, 2_000);
}

const VERBS = { add: 'Add', modify: 'Change', delete: 'Delete' } as const;

/** What a revert does, and what it cannot undo as far as paths tell. */
function rollbackOf(groups: readonly TaskGroup[], { order, needs }: RepoOrder): string {
  const repos = order.filter((repo) => groups.some((group) => group.repo === repo)).toReversed();
  const how = repos.length === 1 ? `Revert the pull request in ${repos[0]}.` : repos.some((repo) => repos.some((other) => needs.get(repo)?.has(other) === true)) ? `Revert the pull requests one after the other, users before what they use: ${repos.join(', then ')}.` : `Revert the pull requests in any order (none of these repositories uses another): ${repos.join(', ')}.`;
  const migrations = groups.flatMap(({ files }) => files).filter(({ path }) => /(?:^|\/)(?:db\/)?migrat(?:e|ions?)\//i.test(path)).map(({ path }) => quoted(path));
  return `${how} ${migrations.length > 0 ? `A revert does not undo what ${most(migrations, 3)} ${migrations.length === 1 ? 'has' : 'have'} done to data by then.` : 'Countersign writes nothing else.'}`;
}

/** The tests of a task's own files, else those of its repository. */
function verificationOf(files: readonly TouchedFile[], facts: ChangeFacts): string {
  const own = new Set(files.map(placeKey));
  const inTask = facts.tests.filter((test) => own.has(placeKey(test)));
  const repos = new Set(files.map((file) => file.repo));
  const tests = inTask.length > 0 ? inTask : facts.tests.filter((test) => repos.has(test.repo));
  return tests.length > 0 ? `${listed(tests, facts.name, 3)}, run by the required checks` : 'The required checks of the repository, and the review';
}

/** Tasks of the repositories that this one's repository uses, directly or through others; in a circle, of those that come before it. */
function dependenciesOf(task: Omit<Task, 'dependsOn'>, groups: readonly TaskGroup[], { order, needs }: RepoOrder): string[] {
  const needed = neededBy(task.repo, needs);
  const before = new Set(order.slice(0, Math.max(0, order.indexOf(task.repo))).filter((repo) => needed.has(repo)));
  return groups.filter((group) => before.has(group.repo)).map((group) => group.id);
}

