import type { AnyDocument } from '../domain/documents.ts';
import type { WorkflowId } from '../domain/ids.ts';
import { faultless, type Check } from './gate-check.ts';

/** Every document speaks of this workflow. */
export function checkOwner(documents: readonly AnyDocument[], workflow: WorkflowId): Check[] {
  const foreign = documents.filter((document) => document.workflow !== workflow);
  const faults = foreign.map(({ stage, workflow: owner }) => `The ${stage} document belongs to ${owner}, not to ${workflow}.`);
  return faultless('documents', faults, { reason: `The ${documents.map(({ stage }) => stage).join(', ')} document belongs to ${workflow}.` });
}

/** Nobody goes on while something decisive is unknown. */
export function checkUnknowns(documents: readonly AnyDocument[]): Check[] {
  const open = documents.flatMap(({ stage, unknowns }) => unknowns.filter(({ blocking, answer }) => blocking && (answer ?? '').trim() === '').map((unknown) => ({ stage, ...unknown })));
  const faults = open.map(({ stage, id, question }) => `The ${stage} document cannot go on without an answer to ${id}: ${question}`);
  return faultless('blocking unknowns', faults, { reason: 'No blocking question is open.' });
}

/** Every evidence id that a document mentions stands in that document. */
export function checkCitations(document: AnyDocument, citing: readonly { readonly what: string; readonly evidenceIds: readonly string[] }[]): Check[] {
  const known = new Set(document.evidence.map(({ id }) => id));
  const all = [...citing, ...document.assumptions.map(({ id, evidenceIds }) => ({ what: `assumption ${id}`, evidenceIds }))];
  const faults = all.flatMap(({ what, evidenceIds }) => evidenceIds.filter((id) => !known.has(id)).map((id) => `In the ${document.stage} document, ${what} cites ${id}, which is not among its evidence.`));
  return faultless('citations', faults, { reason: `Every citation of the ${document.stage} document names evidence that it lists.` });
}

export const isBlank = (text: string): boolean => text.trim() === '';

/** The ids that appear more than once. */
export const repeated = (ids: readonly string[]): string[] => [...new Set(ids.filter((id, index) => ids.indexOf(id) !== index))];
