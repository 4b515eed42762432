import type { Plan, Scope } from '../../domain/documents.ts';
import type { RepoName } from '../../domain/ids.ts';
import type { ChangeFacts, TouchedFile } from './facts.ts';
import { count, listed } from './triage.ts';

type Content = Pick<Plan, 'tasks' | 'budget' | 'rollback'>;
type Task = Plan['tasks'][number];

/** A reviewer's amendment may make the change a little larger, never twice as large. */
const MARGIN = { factor: 1.5, lines: 20, files: 0 } as const;

/** One task a repository and component, or as the blocks' own `task=` says; every criterion has a task. */
export function describePlan(criteria: Scope['acceptanceCriteria'], facts: ChangeFacts, order: readonly RepoName[]): Content {
  const groups = taskGroups(facts);
  const tasks = groups.map((group): Omit<Task, 'criteriaIds' | 'dependsOn'> => ({
    id: group.id,
    title: `${verbOf(group.files)} ${count(group.files.length, 'file', 'files')} in ${group.repo}${group.root === '' ? '' : ` (${group.root})`}`,
    repo: group.repo,
    files: group.files.map(({ path, operation }) => ({ path, operation })),
    verification: verificationOf(group.files, facts),
  }));
  const lines = facts.touched.reduce((sum, file) => sum + file.added + file.removed, 0);
  return {
    tasks: withCriteria(tasks, criteria, groups).map((task) => ({ ...task, dependsOn: dependenciesOf(task, groups, order) })),
    budget: { files: facts.touched.length + MARGIN.files, lines: Math.ceil(lines * MARGIN.factor) + MARGIN.lines },
    rollback: 'Revert the pull request of each repository, in the opposite order of the cross-repository order. No data is migrated and nothing else was written.',
  };
}

interface TaskGroup {
  readonly id: string;
  readonly repo: RepoName;
  readonly root: string;
  readonly files: readonly TouchedFile[];
}

/** A task serves one repository: the same `task=` in two repositories becomes two tasks. */
function taskGroups(facts: ChangeFacts): TaskGroup[] {
  const groups = new Map<string, { wanted: string | null; repo: RepoName; root: string; files: TouchedFile[] }>();
  for (const component of facts.components) {
    for (const file of component.files) {
      const key = file.task === null ? `${component.id}\0` : `${file.repo}\0${file.task}`;
      const group = groups.get(key) ?? { wanted: file.task, repo: component.repo, root: component.root, files: [] };
      group.files.push(file);
      groups.set(key, group);
    }
  }
  const all = [...groups.values()];
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
    const words = new Set(`${criterion.when} ${criterion.then}`.split(/[^\w./-]+/).map((word) => word.replace(/\.$/, '')));
    const named = groups.filter((group) => words.has(group.id) || group.files.some((file) => namesOf(file).some((name) => words.has(name))));
    return { id: criterion.id, tasks: new Set((named.length > 0 ? named : groups).map((group) => group.id)) };
  });
  return tasks.map((task) => {
    const own = owners.filter((owner) => owner.tasks.has(task.id)).map((owner) => owner.id);
    // A task that no criterion names still has to serve one: it is part of the whole change.
    return { ...task, criteriaIds: own.length > 0 ? own : criteria.map((criterion) => criterion.id) };
  });
}

const namesOf = (file: TouchedFile): string[] => [
  file.path, file.path.slice(file.path.lastIndexOf('/') + 1),
  ...(file.known?.symbols ?? []).filter((symbol) => symbol.exported && symbol.name.length > 3 && symbol.name !== 'default').map((symbol) => symbol.name),
];

const verbOf = (files: readonly TouchedFile[]): string => {
  const operations = new Set(files.map((file) => file.operation));
  if (operations.size > 1) return 'Change';
  return operations.has('add') ? 'Add' : operations.has('delete') ? 'Delete' : 'Change';
};

function verificationOf(files: readonly TouchedFile[], facts: ChangeFacts): string {
  const own = new Set(files.map((file) => `${file.repo}:${file.path}`));
  const repos = new Set(files.map((file) => file.repo));
  const tests = facts.tests.filter((test) => own.has(`${test.repo}:${test.path}`) || repos.has(test.repo));
  return tests.length > 0 ? `${listed(tests)}, run by the required checks` : 'The required checks of the repository';
}

/** Tasks of the repositories that this one's repository builds on: those before it in the cross-repository order. */
function dependenciesOf(task: Omit<Task, 'dependsOn'>, groups: readonly TaskGroup[], order: readonly RepoName[]): string[] {
  const before = new Set(order.slice(0, Math.max(0, order.indexOf(task.repo))));
  return groups.filter((group) => before.has(group.repo)).map((group) => group.id);
}

