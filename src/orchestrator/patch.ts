import { patchSetIdOf, type Workflow } from '../domain/workflow.ts';
import type { RepoName, Sha256, WorkflowId } from '../domain/ids.ts';
import { outstanding } from '../domain/outstanding.ts';
import { refusedError } from '../domain/errors.ts';
import { hashCanonical } from '../ledger/canonical-json.ts';
import type { ProposeInput, Proposal as RoleProposal } from '../model/roles.ts';
import type { PatchArtifact } from '../schema/think.ts';
import { parseProposal } from './change.ts';
import { readDocuments, requireBytes } from './documents.ts';
import { ingest } from './ingest.ts';
import { recallIntake } from './intake.ts';
import type { Ports, StepReport } from './ports.ts';
import { requireWorkflow } from './record.ts';
import { storable } from './text.ts';
import { toThinkCall } from './think-call.ts';

type PatchPorts = Pick<Ports, 'job' | 'ledger' | 'repos' | 'proposer' | 'loadGrammar'>;
type Parts = PatchArtifact['proposals'][number]['parts'];

/** Think: reads the approved design from the ledger by hash and proposes the change. It never writes. */
export async function patch(ports: PatchPorts, input: { readonly workflow: WorkflowId }): Promise<{ artifact: PatchArtifact; report: StepReport }> {
  const { workflow } = await requireWorkflow(ports, input.workflow);
  const wanted = repositoriesToPropose(workflow);
  const documents = await readDocuments(ports, workflow);
  const intake = await recallIntake(ports, workflow.id);
  const previous = await readPrevious(ports, workflow);
  const ingested = await ingest(ports, intake);
  try {
    const revision = reviseInput(workflow, wanted, previous);
    ports.job.log(`proposing ${wanted.join(', ')}${revision ? ' (revision)' : ''}`);
    const proposed = await ports.proposer.propose({
      workflow: workflow.id,
      issue: { title: intake.title, body: intake.body, repo: intake.source.repo, number: intake.source.number, url: intake.source.url },
      answers: intake.answers,
      documents,
      context: ingested.context,
      repos: wanted,
      hash: hashCanonical,
      revision,
    });
    return toArtifact(workflow, { proposed, previous });
  } finally {
    await ingested.close();
  }
}

function repositoriesToPropose(workflow: Workflow): readonly RepoName[] {
  const command = outstanding(workflow).find(({ kind }) => kind === 'propose');
  if (command?.kind !== 'propose') throw refusedError('nothing-to-propose', `${workflow.id} is ${workflow.status}: no patch is wanted now.`);
  const missing = workflow.repos.filter((_, index) => !workflow.patchSets.some(({ id }) => id === patchSetIdOf(index)));
  const revised = workflow.patchSets.filter(({ id }) => command.patchSets.includes(id));
  // A reviewer's wish is served alone: the proposer sees one revision at a time.
  const [wish] = revised.filter(({ changesRequested }) => changesRequested);
  return wish ? [wish.repo] : [...missing, ...revised].map(({ repo }) => repo);
}

async function readPrevious(ports: PatchPorts, workflow: Workflow): Promise<ReadonlyMap<RepoName, Parts>> {
  const hashes: readonly Sha256[] = workflow.patchSets.map(({ proposal }) => proposal);
  if (hashes.length === 0) return new Map();
  const evidence = await ports.ledger.readEvidence(workflow.id, hashes);
  return new Map(workflow.patchSets.map(({ repo, proposal }) => [repo, parseProposal(requireBytes(evidence, proposal, workflow.id), proposal).parts]));
}

function reviseInput(workflow: Workflow, wanted: readonly RepoName[], previous: ReadonlyMap<RepoName, Parts>): ProposeInput['revision'] {
  const patchSet = workflow.patchSets.find(({ repo }) => wanted.includes(repo));
  if (!patchSet) return null;
  const previousText = (previous.get(patchSet.repo) ?? []).map(({ text }) => text).join('\n\n');
  const comment = patchSet.changesRequested?.comment ?? '';
  const reasons = patchSet.policy && patchSet.policy.block > 0 ? [`${patchSet.policy.block} policy violations block r${patchSet.revision}.`] : [];
  return { repo: patchSet.repo, previousText, comment, reasons };
}

interface Made {
  readonly proposed: Awaited<ReturnType<Ports['proposer']['propose']>>;
  readonly previous: ReadonlyMap<RepoName, Parts>;
}

function toArtifact(workflow: Workflow, { proposed, previous }: Made): { artifact: PatchArtifact; report: StepReport } {
  const failed = proposed.kind === 'failed' ? { code: proposed.code, reason: storable(proposed.reason), questions: [...proposed.questions] } : null;
  const proposals = proposed.kind === 'proposed' ? groupByRepository(workflow, proposed.proposals, previous) : [];
  const artifact: PatchArtifact = { format: 'countersign/think@1', stage: 'patch', workflow: workflow.id, proposals, calls: proposed.calls.map(toThinkCall), failure: failed };
  const said = failed ? `No proposal: ${failed.reason}` : `Proposed a change to ${proposals.map(({ repo }) => repo).join(' and ')}.`;
  return { artifact, report: { ok: true, workflow: workflow.id, state: workflow.status, next: '', summary: `${said} Next: the record job checks it.` } };
}

function groupByRepository(workflow: Workflow, proposals: readonly RoleProposal[], previous: ReadonlyMap<RepoName, Parts>): PatchArtifact['proposals'] {
  return workflow.repos.flatMap(({ repo }, index) => {
    const own = proposals.filter((proposal) => proposal.repo === repo);
    if (own.length === 0) return [];
    const before = own[0]?.amends === true ? (previous.get(repo) ?? []) : [];
    const parts = own.map(({ format, text }) => ({ format, text: storable(text) }));
    return [{ patchSet: patchSetIdOf(index), repo, parts: [...before, ...parts] }];
  });
}
