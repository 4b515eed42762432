import type { ContextManifest, RepositoryContext } from '../../domain/context.ts';
import { refusedError } from '../../domain/errors.ts';
import type { WorkflowEvent } from '../../domain/event.ts';
import type { Workflow } from '../../domain/workflow.ts';
import { buildContext } from '../../context/build.ts';
import { TOOLS } from '../../context/grammars.ts';
import { hashCanonical, parseCanonical } from '../../ledger/canonical-json.ts';
import { parseContextManifest } from '../../schema/context-manifest.ts';
import { contextQuery } from '../ingest.ts';
import { intakeOf } from '../intake.ts';
import { compareContent } from './difference.ts';
import type { Redact } from '../../ports/redactor.ts';
import { attempt, notRebuildable, type ReplayItem } from './items.ts';
import type { ReplaySession, Step } from './session.ts';

type Ingested = Extract<WorkflowEvent, { type: 'E_CONTEXT_INGESTED' }>;

/** Reads the pinned repositories again and compares the context's hash. Keeps the context for the prompts that were made of it. */
export async function replayContext(session: ReplaySession, round: readonly Step[]): Promise<readonly ReplayItem[]> {
  const items: ReplayItem[] = [];
  for (const { event, after } of round) {
    if (event.type !== 'E_CONTEXT_INGESTED') continue;
    const place = { item: 'context', subject: after.repos.map(({ repo }) => repo).join(', '), seq: event.seq } as const;
    const { contextHash } = event.body;
    const built = await attempt(() => rebuildContext(session, after, event));
    const isSame = built.kind === 'made' && built.value.contextHash === contextHash;
    session.contexts.set(contextHash, isSame ? built : { kind: 'missing', why: `it is made of the context, which ${built.kind === 'made' ? 'came out different' : 'was not rebuilt'}` });
    items.push(built.kind === 'missing' ? notRebuildable(place, contextHash, built.why) : await compareContent(session, place, { expected: contextHash, value: built.value.manifest, evidence: event.body.manifest, hint: 'other files or ranges are shown than were recorded' }));
  }
  return items;
}

async function rebuildContext(session: ReplaySession, workflow: Workflow, { body }: Ingested): Promise<RepositoryContext> {
  const manifest = await readManifest(session, body.manifest);
  assertSameTools(manifest);
  const intake = intakeOf(workflow, await session.evidence(workflow.source.revision));
  const repos = [];
  for (const { repo, role, baseCommit, baseTree } of workflow.repos) {
    const store = await session.open(repo, baseCommit);
    if (store.kind === 'missing') throw refusedError('no-repository', store.why);
    repos.push({ repo, role, commit: baseCommit, tree: baseTree, objects: store.value });
  }
  const { budgetBytes, promptTemplates } = manifest;
  return buildContext({ repos, query: contextQuery(intake), budgetBytes, promptTemplates }, { loadGrammar: session.ports.loadGrammar, hash: hashCanonical, loadRedact });
}

async function readManifest(session: ReplaySession, hash: string): Promise<ContextManifest> {
  const parsed = parseContextManifest(parseCanonical(await session.evidence(hash)));
  if (parsed.kind === 'invalid') throw refusedError('bad-manifest', `the recorded context manifest does not have the expected form: ${parsed.problems.slice(0, 3).join('; ')}`);
  return parsed.manifest;
}

/** What the record job takes secrets out with. */
const loadRedact = async (): Promise<Redact> => (await import('../../policy/secrets/redact.ts')).redactSecrets;

/** Other grammars may see other symbols: then another hash would prove nothing. */
function assertSameTools({ tools }: ContextManifest): void {
  const show = (list: ContextManifest['tools']): string => list.map(({ name, version }) => `${name} ${version}`).join(', ');
  if (show(tools) !== show(TOOLS)) throw refusedError('other-tools', `it was made with ${show(tools)}; this version has ${show(TOOLS)}`);
}
