import type { Decision } from '../../domain/documents.ts';
import { withEnvelope } from './envelope.ts';
import { inline, list, section } from './markdown.ts';
import { evidenceLinks, type Places } from './places.ts';

const VERDICTS = { GO: 'GO', NO_GO: 'NO-GO', DEFER: 'DEFER' } as const;

export function renderDecision(document: Decision, places: Places | null): string {
  const parts = [
    `Risk: ${document.risk}.${document.deferUntil === null ? '' : ` Deferred until ${inline(document.deferUntil)}.`}`,
    section('Reasons', list(document.reasons.map(({ text, evidenceIds }) => (evidenceIds.length === 0 ? inline(text) : `${inline(text)} (${evidenceLinks(evidenceIds, document.evidence, places)})`)))),
    section('Missing context', list(document.missingContext.map((text) => inline(text)))),
    section('Duplicates', list(document.duplicates.map((text) => inline(text)))),
  ];
  return withEnvelope(document, `Decision: ${VERDICTS[document.verdict]}`, { parts, places });
}
