import type { ArtifactKind, Documents } from '../../domain/documents.ts';
import { renderArchitecture } from './architecture.ts';
import { renderDecision } from './decision.ts';
import { renderGates } from './gates.ts';
import type { Places } from './places.ts';
import { renderPlan } from './plan.ts';
import { renderScope } from './scope.ts';

type Renderers = { readonly [Kind in ArtifactKind]: (document: Documents[Kind], places: Places | null) => string };

const RENDERERS: Renderers = { decision: renderDecision, architecture: renderArchitecture, scope: renderScope, plan: renderPlan, gates: renderGates };

/** A document as Markdown that is safe to show on GitHub: everything in it is treated as outside text. With `places`, what it names opens at the pinned commits. */
export function renderDocument<Kind extends ArtifactKind>(kind: Kind, document: Documents[Kind], places: Places | null = null): string {
  return RENDERERS[kind](document, places);
}
