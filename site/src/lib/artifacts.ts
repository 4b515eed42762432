import type { ArtifactKind } from '../../../src/domain/documents.ts';
import type { EvidenceRef } from '../../../src/domain/event.ts';
import type { Instant, Sha256 } from '../../../src/domain/ids.ts';
import { parseDocument } from '../../../src/schema/documents.ts';
import { componentGraph } from './component-graph.ts';
import { readJson, readText } from './evidence.ts';
import { SafeHtml } from './html.ts';
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
        markdown: readMarkdown(view, event.evidence, { kind, graph: kind === 'architecture' ? graphOf(json, `${kind}-${event.seq}`) : null }),
        json: json === null ? null : JSON.stringify(json, null, 2),
      },
    ];
  });
}

function graphOf(json: unknown, id: string): SafeHtml | null {
  const parsed = parseDocument('architecture', json);
  return parsed.kind === 'valid' ? componentGraph(parsed.document, id) : null;
}

/** GitHub draws the graph from its text; here it is a drawing of ours in the same place, and no script of others runs. */
function readMarkdown(view: WorkflowView, evidence: readonly EvidenceRef[], { kind, graph }: { kind: ArtifactKind; graph: SafeHtml | null }): SafeHtml | null {
  const ref = evidence.find(({ mediaType, name }) => mediaType === 'text/markdown' && name === `${kind}.md`);
  const text = ref ? readText(view, ref.sha256) : null;
  // The card has the title already; the decision's own says more.
  const title = `# ${TITLES[kind]}\n`;
  const top = text?.startsWith(title) === true ? 2 : 1;
  const [before = '', ...rest] = (top === 2 ? text?.slice(title.length) : text)?.split(/^```mermaid\n[^]*?\n```\n/m) ?? [];
  const after = rest.join('\n');
  if (text === null || before.length + after.length > MARKDOWN_MAX) return null;
  return new SafeHtml(`${renderMarkdown(before, top).text}${rest.length === 0 ? '' : (graph?.text ?? '')}${renderMarkdown(after, top).text}`);
}
