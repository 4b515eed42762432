import { ARTIFACT_KINDS, type AnyDocument, type ArtifactKind, type Documents } from '../domain/documents.ts';
import type { Sha256, WorkflowId } from '../domain/ids.ts';
import type { RepositoryContext } from '../domain/context.ts';
import { isSameQuestion, type Workflow } from '../domain/workflow.ts';
import type { Places } from '../model/render/places.ts';
import { renderDocument } from '../model/render/render-document.ts';
import { topologyFor } from '../model/topology.ts';
import { parseDocument } from '../schema/documents.ts';
import { parseDesignArtifact, type DesignArtifact } from '../schema/think.ts';
import { hashCanonical } from '../ledger/canonical-json.ts';
import { REDACTION_MARK } from '../policy/secrets/redact.ts';
import { evaluateDesignGates } from './design-gates.ts';
import type { Draft } from './draft.ts';
import { followUp } from './follow-up.ts';
import { withOptions } from './review-design.ts';
import { citationLookup, ingest } from './ingest.ts';
import { pinIntake, recallIntake, type Intake, type StartInput } from './intake.ts';
import { limitsOf } from './limits.ts';
import type { Job, Ports, StepReport } from './ports.ts';
import { record } from './record.ts';
import { recordCalls, refusedRun } from './think-call.ts';
import { openTrackingIssue } from './tracking.ts';
import { isOwnWorkflowId, workflowIdFor } from './workflow-id.ts';

type RecordDesignPorts = Pick<Ports, 'job' | 'ledger' | 'targets' | 'control' | 'repos' | 'writer' | 'loadGrammar'>;

/** What the think job said, after every byte of it was checked against what this job found out by itself. */
type Thought =
  | { readonly kind: 'accepted'; readonly artifact: DesignArtifact; readonly documents: Partial<Documents> & Pick<Documents, 'decision'> }
  | { readonly kind: 'failed'; readonly artifact: DesignArtifact }
  | { readonly kind: 'refused'; readonly reason: string };

/** Record: pin again, ingest again, check the artifact, ask Gates 0–2, append. `artifact` is null when the think job left none. */
export async function recordDesign(ports: RecordDesignPorts, input: StartInput & { readonly artifact: Uint8Array | null }): Promise<StepReport> {
  const intake = input.workflow ? await recallIntake(ports, input.workflow) : await pinIntake(ports, { ...input, hint: input.hint ?? hintOf(input.artifact) });
  const ingested = await ingest(ports, intake);
  try {
    const thought = examine(ports, { intake, context: ingested.context, input });
    const id = chooseId(ports, input, thought);
    const trackingIssue = input.workflow ? null : await openTrackingIssue(ports, { id, intake });
    const recorded = await record(ports, id, (draft, { workflow }) => {
      if (!workflow) createWorkflow(draft, ports, { intake, trackingIssue });
      if (draft.workflow.status === 'INGESTED' && !draft.workflow.decision) recordThought(draft, thought, { context: ingested.context, job: ports.job });
    });
    return await followUp(ports, recorded);
  } finally {
    await ingested.close();
  }
}

/** The repositories that the artifact speaks of, to read them in one request. Nothing is believed by it. */
export function hintOf(artifact: Uint8Array | null): readonly string[] {
  const parsed = artifact ? parseDesignArtifact(artifact) : null;
  return parsed?.kind === 'valid' ? parsed.value.repos.map(({ repo }) => repo) : [];
}

function chooseId({ job }: RecordDesignPorts, input: StartInput, thought: Thought): WorkflowId {
  if (input.workflow) return input.workflow;
  return thought.kind === 'refused' ? workflowIdFor(job.clock.now(), job.controlRepo, job.run.id) : thought.artifact.workflow;
}

function examine({ job }: RecordDesignPorts, given: { intake: Intake; context: RepositoryContext; input: StartInput & { readonly artifact: Uint8Array | null } }): Thought {
  const { intake, context, input } = given;
  if (!input.artifact) return { kind: 'refused', reason: 'The design job left no artifact. Its log says why; /retry starts it again.' };
  const parsed = parseDesignArtifact(input.artifact);
  if (parsed.kind === 'invalid') return { kind: 'refused', reason: parsed.reason };
  const artifact = parsed.value;
  const own = input.workflow ? artifact.workflow === input.workflow : isOwnWorkflowId(artifact.workflow, job.clock.now(), { controlRepo: job.controlRepo, runId: job.run.id });
  if (!own) return { kind: 'refused', reason: `The artifact speaks of ${artifact.workflow}, which is not the workflow of this run.` };
  if (artifact.issueRevision !== intake.revision) return { kind: 'refused', reason: 'The artifact was made from another revision of the issue. The issue may have been edited meanwhile; /retry reads it again.' };
  if (hashCanonical(artifact.repos) !== hashCanonical(intake.repos)) return { kind: 'refused', reason: 'The artifact pins other repositories or commits than this job found. A base may have moved meanwhile; /retry reads it again.' };
  if (artifact.failure) return { kind: 'failed', artifact };
  if (artifact.contextHash !== context.contextHash) return { kind: 'refused', reason: `The artifact's context hash is ${artifact.contextHash}, this job computed ${context.contextHash}.` };
  return examineDocuments(artifact, context, intake.unanswered);
}

function examineDocuments(artifact: DesignArtifact, context: RepositoryContext, unanswered: Intake['unanswered']): Thought {
  const documents: Partial<Record<ArtifactKind, AnyDocument>> = {};
  for (const kind of ARTIFACT_KINDS) {
    const given = artifact.documents[kind];
    if (given === null || given === undefined) continue;
    const parsed = parseDocument(kind, given);
    if (parsed.kind === 'invalid') return { kind: 'refused', reason: `The ${kind} document does not have the expected form: ${parsed.problems.slice(0, 5).join('; ')}.` };
    const { workflow, contextHash } = parsed.document;
    if (workflow !== artifact.workflow || contextHash !== artifact.contextHash) return { kind: 'refused', reason: `The ${kind} document speaks of another workflow or context.` };
    documents[kind] = parsed.document;
  }
  const { decision, architecture } = documents as Partial<Documents>;
  const dropped = unanswered.find(({ question }) => decision && decision.author !== 'recipe' && !decision.unknowns.some((unknown) => unknown.blocking && isSameQuestion(unknown.question, question)));
  if (dropped) return { kind: 'refused', reason: `The decision leaves out a question that nobody has answered: ${dropped.question}` };
  if (!decision) return { kind: 'refused', reason: 'The artifact holds no decision.' };
  if (architecture && hashCanonical(architecture.topology ?? null) !== hashCanonical(topologyFor(context))) return { kind: 'refused', reason: 'The architecture shows other components and dependencies than this job found in the pinned commits.' };
  const unlinked = unlinkedDocument(artifact.issueRevision, { ...(documents as Partial<Documents>), decision });
  if (unlinked !== null) return { kind: 'refused', reason: `The ${unlinked} document does not name, by hash, what it was made from: the issue's revision and the documents before it.` };
  return { kind: 'accepted', artifact, documents: { ...(documents as Partial<Documents>), decision } };
}

/** What each document is made from, besides the issue: by these hashes the chain can be followed on the ledger. */
const MADE_FROM: Readonly<Record<ArtifactKind, readonly ArtifactKind[]>> = { decision: [], architecture: ['decision'], scope: ['decision'], plan: ['decision', 'architecture', 'scope'], gates: ['plan'] };

/** The first document that leaves out what it was made from, or null. */
function unlinkedDocument(issueRevision: Sha256, documents: Partial<Documents>): ArtifactKind | null {
  const broken = ARTIFACT_KINDS.find((kind) => {
    const document = documents[kind];
    if (!document) return false;
    const sources = MADE_FROM[kind].flatMap((source) => (documents[source] ? [hashCanonical(documents[source])] : []));
    return ![issueRevision, ...sources].every((hash) => document.inputHashes.includes(hash));
  });
  return broken ?? null;
}

function createWorkflow(draft: Draft, { job }: RecordDesignPorts, { intake, trackingIssue }: { intake: Intake; trackingIssue: Workflow['trackingIssue'] }): void {
  // Taken out when the issue was read, so that no job ever sees it: here it is only said.
  const issueText = draft.attach(draft.noteRedaction('issue.md', intake.redacted), 'text/markdown', intake.text);
  const { source, repos } = intake;
  draft.record('E_WORKFLOW_CREATED', { source, issueText, repos: [...repos], approvers: [...job.config.approvers], limits: limitsOf(job.config), trackingIssue }, { evidence: [issueText] });
}

interface Seen {
  readonly context: RepositoryContext;
  readonly job: Job;
}

function recordThought(draft: Draft, thought: Thought, seen: Seen): void {
  if (thought.kind === 'refused') {
    draft.record('E_RUN_RECORDED', refusedRun('design', thought.reason));
    return draft.record('E_NEEDS_HUMAN', { code: 'artifact-refused', reason: thought.reason, questions: [], resumes: 'INGESTED' });
  }
  const { artifact } = thought;
  const { context } = seen;
  // Names were taken out where the context was made: its hash is that of what is stored. Here it is only said.
  const named = [...context.manifest.shown, ...context.manifest.cutOff].flatMap(({ path }) => [...path.matchAll(REDACTION_MARK)].map(([, kind = '']) => kind));
  const manifest = draft.attachExactJson(draft.noteRedaction('context.json', named), context.manifest);
  const repos = context.repos.map(({ repo, commit, tree, counts }) => ({ repo, commit, tree, files: counts.files, cutOff: context.manifest.cutOff.filter((cut) => cut.repo === repo).length }));
  draft.record('E_CONTEXT_INGESTED', { contextHash: context.contextHash, manifest, repos }, { evidence: [manifest] });
  recordCalls(draft, artifact.calls, context.contextHash);
  if (thought.kind === 'failed') {
    const { code, reason, questions } = artifact.failure ?? { code: 'failed', reason: 'The design failed.', questions: [] };
    return draft.record('E_NEEDS_HUMAN', { code, reason, questions, resumes: 'INGESTED' });
  }
  recordDocuments(draft, thought.documents, seen);
}

function recordDocuments(draft: Draft, documents: Partial<Documents> & Pick<Documents, 'decision'>, { context, job }: Seen): void {
  const places: Places = { serverUrl: job.serverUrl, repos: draft.workflow.repos };
  const { decision } = documents;
  const asked = decision.unknowns.filter(({ blocking, answer }) => blocking && answer === null).map(({ id, question, options }) => ({ id, question, ...withOptions(options) }));
  // A GO's own reasons say why to begin, not why it waits.
  const waits = decision.verdict === 'GO' && asked.length > 0 ? ['A question has to be answered before work goes on.'] : [];
  const evidence = attachDocument(draft, decision, places);
  draft.record('E_DECISION_RECORDED', { verdict: decision.verdict, document: evidence[0], reasons: [...waits, ...decision.reasons.map(({ text }) => text)], questions: asked }, { evidence });
  if (draft.workflow.status !== 'INGESTED') return draft.close(decision.reasons.map(({ text }) => text).join(' ') || 'The decision is NO-GO.');
  for (const kind of ['architecture', 'scope', 'plan', 'gates'] as const) {
    const document = documents[kind];
    if (!document) continue;
    const attached = attachDocument(draft, document, places);
    draft.record('E_ARTIFACT_RECORDED', { artifact: kind, document: attached[0] }, { evidence: attached });
  }
  evaluateDesignGates(draft, { documents, cited: citationLookup(context), limits: limitsOf(job.config) });
}

/** The document for machines and for people: its hash is that of the canonical JSON. */
function attachDocument(draft: Draft, document: AnyDocument, places: Places): [Sha256, Sha256] {
  const { stage } = document;
  return [draft.attachJson(`${stage}.json`, document), draft.attachText(`${stage}.md`, 'text/markdown', renderDocument(stage, document, places))];
}
