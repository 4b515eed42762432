import picomatch from 'picomatch';
import type { ChangeSet, Patch } from '../domain/change-set.ts';
import type { Plan, Scope } from '../domain/documents.ts';
import type { RepoName } from '../domain/ids.ts';

/** The globs that the scope allows in one repository. */
export const scopeOf = (scope: Scope, repo: RepoName): readonly string[] => scope.allowedPaths.filter((set) => set.repo === repo).flatMap(({ paths }) => paths);

/** A change set's changes by the plan task that they serve; a file belongs to the first task that names it. */
export function patchesOf(plan: Plan, repo: RepoName, changeSet: ChangeSet): readonly Patch[] {
  const tasks = plan.tasks.filter((task) => task.repo === repo);
  const claimed = new Set<string>();
  return tasks.flatMap((task) => {
    const matches = picomatch(task.files.map(({ path }) => path), { dot: true });
    const named = new Set(task.files.map(({ path }) => path));
    const paths = changeSet.changes.map(({ path }) => path).filter((path) => !claimed.has(path) && (named.has(path) || matches(path)));
    for (const path of paths) claimed.add(path);
    return paths.length > 0 ? [{ id: `patch-${task.id}`, task: task.id, paths }] : [];
  });
}
