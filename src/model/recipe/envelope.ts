import type { ArtifactKind, DocumentEnvelope } from '../../domain/documents.ts';
import type { Sha256 } from '../../domain/ids.ts';
import type { DesignInput } from '../roles.ts';
import type { ChangeFacts } from './facts.ts';

/** The author of every document the recipe runner writes: no model was used. */
export const RECIPE_AUTHOR = 'recipe';

/** The envelope that a document starts from: it cites what it speaks of, and everything it cites is in the context. */
export function envelope<Stage extends ArtifactKind>(stage: Stage, from: { design: DesignInput; facts: ChangeFacts; inputs: readonly Sha256[] }): DocumentEnvelope<Stage> {
  return {
    schemaVersion: 1,
    workflow: from.design.workflow,
    stage,
    author: RECIPE_AUTHOR,
    inputHashes: from.inputs,
    contextHash: from.design.contextHash,
    evidence: evidenceFor(stage, from.facts),
    unknowns: [],
    assumptions: [],
  };
}

/** The gates rest on the documents alone; the plan on the files of its tasks and their tests. */
function evidenceFor(stage: ArtifactKind, { evidence, touched, tests, importers, cite }: ChangeFacts): DocumentEnvelope<ArtifactKind>['evidence'] {
  if (stage === 'gates') return [];
  if (stage === 'architecture') return evidence;
  const spoken = new Set([...touched, ...tests, ...(stage === 'plan' ? [] : importers.map(({ from }) => from))].map(cite));
  return evidence.filter(({ id }) => spoken.has(id));
}
