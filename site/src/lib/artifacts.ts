import type { ArtifactKind } from '../../../src/domain/documents.ts';
import type { EvidenceRef } from '../../../src/domain/event.ts';
import type { Instant, Sha256 } from '../../../src/domain/ids.ts';
import { readJson, readText } from './evidence.ts';
import type { SafeHtml } from './html.ts';
import type { WorkflowView } from './load-ledger.ts';
import { renderMarkdown } from './markdown.ts';

/** One document: for people (Markdown) and for machines (JSON). Either is null when the ledger does not hold it. */
export interface ArtifactView {
  readonly title: string;
  readonly anchor: string;
  readonly at: Instant;
  readonly document: Sha256;
  /** False when a later document of the kind replaced it. */
  readonly current: boolean;
  readonly markdown: SafeHtml | null;
  readonly json: string | null;
}

// Above this a document is shown as JSON only: rendering Markdown made to be slow must not hold up the build.
const MARKDOWN_MAX = 200_000;

const TITLES: Readonly<Record<ArtifactKind, string>> = { decision: 'Decision', architecture: 'Architecture', scope: 'Scope', plan: 'Plan', gates: 'Gates' };

/** The documents in the order they were recorded. */
export function artifactsOf(view: WorkflowView): readonly ArtifactView[] {
  return view.events.flatMap(({ event }) => {
    if (event.type !== 'E_DECISION_RECORDED' && event.type !== 'E_ARTIFACT_RECORDED') return [];
    const kind = event.type === 'E_DECISION_RECORDED' ? 'decision' : event.body.artifact;
    const json = readJson(view, event.body.document);
    return [
      {
        title: TITLES[kind],
        anchor: `${kind}-${event.seq}`,
        at: event.at,
        document: event.body.document,
        current: view.workflow.artifacts[kind] === event.body.document,
        markdown: readMarkdown(view, event.evidence, kind),
        json: json === null ? null : JSON.stringify(json, null, 2),
      },
    ];
  });
}

function readMarkdown(view: WorkflowView, evidence: readonly EvidenceRef[], kind: ArtifactKind): SafeHtml | null {
  const ref = evidence.find(({ mediaType, name }) => mediaType === 'text/markdown' && name === `${kind}.md`);
  const text = ref ? readText(view, ref.sha256) : null;
  // GitHub draws the graph; here the tables under it say the same, and no script of others runs.
  const plain = text?.replace(/^```mermaid\n[^]*?\n```\n/gm, '') ?? null;
  return plain === null || plain.length > MARKDOWN_MAX ? null : renderMarkdown(plain);
}
