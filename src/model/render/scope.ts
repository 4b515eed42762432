import type { PathSet, Scope } from '../../domain/documents.ts';
import { withEnvelope } from './envelope.ts';
import { code, codes, inline, list, section, table } from './markdown.ts';
import { isAlone, type Places } from './places.ts';

export function renderScope(document: Scope, places: Places | null): string {
  const short = isAlone(places);
  const parts = [
    section('Goals', list(document.goals.map((text) => inline(text)))),
    section('Non-goals', list(document.nonGoals.map((text) => inline(text)))),
    section('Acceptance criteria', list(document.acceptanceCriteria.map(renderCriterion))),
    section('Paths that may change', paths(document.allowedPaths, short)),
    section('Of these, new', paths(document.newPaths ?? [], short)),
    section('Paths that must not change', paths(document.forbiddenPaths, short)),
  ];
  return withEnvelope(document, 'Scope', { parts, places });
}

/** Given, when and then stand beside the sentence only where they say more than it does. */
function renderCriterion({ id, sentence, given, when, then, verification }: Scope['acceptanceCriteria'][number]): string {
  const said = new Set(wordsOf(sentence));
  const says = (text: string): boolean => wordsOf(text).every((word) => said.has(word));
  const steps = [given.trim() === '' ? '' : `Given ${inline(given)}`, `when ${inline(when)}`, `then ${inline(then)}`].filter((step) => step !== '').join('; ');
  return [`${code(id)} ${inline(sentence)}`, ...(says(when) && says(then) ? [] : [`  - ${steps.slice(0, 1).toUpperCase()}${steps.slice(1)}`]), ...(verification.trim() === '' ? [] : [`  - Verified by: ${inline(verification)}`])].join('\n');
}

const wordsOf = (text: string): readonly string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

function paths(sets: readonly PathSet[], short: boolean): string {
  const filled = sets.filter((set) => set.paths.length > 0);
  return short ? list(filled.flatMap((set) => set.paths).map(code)) : table(['Repository', 'Paths'], filled.map(({ repo, paths: all }) => [code(repo), codes(all)]));
}
