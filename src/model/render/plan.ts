import type { Plan } from '../../domain/documents.ts';
import { withEnvelope } from './envelope.ts';
import { code, codes, inline, section, table } from './markdown.ts';

export function renderPlan(document: Plan): string {
  const tasks = document.tasks.map(({ id, title, repo, files, criteriaIds, dependsOn, verification }) => [
    code(id), inline(title), code(repo), files.map(({ path, operation }) => `${operation} ${code(path)}`).join(', '), codes(criteriaIds), codes(dependsOn), inline(verification),
  ]);
  return withEnvelope(document, 'Plan', [
    section('Tasks', table(['Id', 'Task', 'Repository', 'Files', 'Criteria', 'After', 'Verified by'], tasks)),
    section('Budget', `At most ${document.budget.files} ${document.budget.files === 1 ? 'file' : 'files'} and ${document.budget.lines} changed ${document.budget.lines === 1 ? 'line' : 'lines'}.`),
    section('Rollback', inline(document.rollback)),
  ]);
}
