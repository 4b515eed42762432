import type { PathSet, Scope } from '../../domain/documents.ts';
import { withEnvelope } from './envelope.ts';
import { code, codes, inline, list, section, table } from './markdown.ts';

export function renderScope(document: Scope): string {
  const criteria = document.acceptanceCriteria.map(({ id, sentence, given, when, then, verification }) => [code(id), inline(sentence), `Given ${inline(given)}; when ${inline(when)}; then ${inline(then)}`, inline(verification)]);
  return withEnvelope(document, 'Scope', [
    section('Goals', list(document.goals.map((text) => inline(text)))),
    section('Non-goals', list(document.nonGoals.map((text) => inline(text)))),
    section('Acceptance criteria', table(['Id', 'Criterion', 'Given, when, then', 'Verified by'], criteria)),
    section('Paths that may change', paths(document.allowedPaths)),
    section('Paths that must not change', paths(document.forbiddenPaths)),
  ]);
}

const paths = (sets: readonly PathSet[]): string => table(['Repository', 'Paths'], sets.map(({ repo, paths: all }) => [code(repo), codes(all)]));
