import type { GatesDocument } from '../../domain/documents.ts';
import { GATE_NAMES } from '../../domain/gate.ts';
import { withEnvelope } from './envelope.ts';
import { inline, list, section } from './markdown.ts';
import type { Places } from './places.ts';

export function renderGates(document: GatesDocument, places: Places | null): string {
  return withEnvelope(document, 'Gates', { parts: document.gates.map(({ gate, requires }) => section(`Gate ${gate}: ${GATE_NAMES[gate]}`, list(requires.map((text) => inline(text))))), places });
}
