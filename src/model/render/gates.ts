import type { GatesDocument } from '../../domain/documents.ts';
import { GATE_NAMES } from '../../domain/gate.ts';
import { withEnvelope } from './envelope.ts';
import { inline, list, section } from './markdown.ts';

export function renderGates(document: GatesDocument): string {
  return withEnvelope(document, 'Gates', document.gates.map(({ gate, requires }) => section(`Gate ${gate}: ${GATE_NAMES[gate]}`, list(requires.map((text) => inline(text))))));
}
