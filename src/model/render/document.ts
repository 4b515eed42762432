import type { AnyDocument } from '../../domain/documents.ts';
import { renderArchitecture } from './architecture.ts';
import { renderDecision } from './decision.ts';
import { renderGates } from './gates.ts';
import { renderPlan } from './plan.ts';
import { renderScope } from './scope.ts';

/** A document as Markdown that is safe to show on GitHub: everything in it is treated as outside text. */
export function renderDocument(document: AnyDocument): string {
  switch (document.stage) {
    case 'decision':
      return renderDecision(document);
    case 'architecture':
      return renderArchitecture(document);
    case 'scope':
      return renderScope(document);
    case 'plan':
      return renderPlan(document);
    case 'gates':
      return renderGates(document);
  }
}
