import type { Plan } from '../../domain/documents.ts';
import { withEnvelope } from './envelope.ts';
import { code, codes, inline, section, table } from './markdown.ts';
import { isAlone, placeLink, type Places } from './places.ts';

export function renderPlan(document: Plan, places: Places | null): string {
  const short = isAlone(places);
  const isOrdered = document.tasks.some(({ dependsOn }) => dependsOn.length > 0);
  const tasks = document.tasks.map(({ id, title, repo, files, criteriaIds, dependsOn, verification }) => [
    code(id), inline(title), ...(short ? [] : [code(repo)]),
    // What is added is not there to be opened.
    files.map(({ path, operation }) => `${operation} ${placeLink({ repo, path }, operation === 'add' ? null : places)}`).join(', '),
    codes(criteriaIds), ...(isOrdered ? [codes(dependsOn)] : []), inline(verification),
  ]);
  const parts = [
    section('Tasks', table(['Id', 'Task', ...(short ? [] : ['Repository']), 'Files', 'Criteria', ...(isOrdered ? ['After'] : []), 'Verified by'], tasks)),
    section('Budget', `At most ${document.budget.files} ${document.budget.files === 1 ? 'file' : 'files'} and ${document.budget.lines} changed ${document.budget.lines === 1 ? 'line' : 'lines'}.`),
    section('Rollback', inline(document.rollback)),
  ];
  return withEnvelope(document, 'Plan', { parts, places });
}
