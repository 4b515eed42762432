import type { CountersignConfig } from '../domain/config.ts';
import type { RepositoryContext } from '../domain/context.ts';
import type { WorkflowId } from '../domain/ids.ts';
import { isWorkflowId } from '../domain/ids.ts';
import type { DesignArtifact } from '../schema/think.ts';
import { hashCanonical } from '../ledger/canonical-json.ts';
import type { DesignInput, PinnedIssue } from '../model/roles.ts';
import { ingest, storeOf } from './ingest.ts';
import { pinIntake, recallIntake, type Intake, type StartInput } from './intake.ts';
import { blockedBy } from './judge.ts';
import type { Ports, StepReport } from './ports.ts';
import { reviewDesign } from './review-design.ts';
import { rewriteOnBases, type RewriteSources } from './rewrites.ts';
import { toThinkCall } from './think-call.ts';
import { workflowIdFor } from './workflow-id.ts';

type DesignPorts = Pick<Ports, 'job' | 'ledger' | 'targets' | 'repos' | 'designer' | 'loadGrammar'>;

/** Think: pin, read, decide and design. Writes nothing: everything it found goes to the record job as one artifact. */
export async function design(ports: DesignPorts, input: StartInput): Promise<{ artifact: DesignArtifact; report: StepReport }> {
  const { job } = ports;
  const intake = input.workflow ? await recallIntake(ports, input.workflow) : await pinIntake(ports, input);
  const workflow = input.workflow ?? workflowIdFor(job.clock.now(), job.controlRepo, job.run.id);
  job.log(`issue     ${intake.source.repo}#${intake.source.number} at revision ${intake.revision.slice(0, 12)}, ${intake.repos.length} repositories`);
  const ingested = await ingest(ports, intake);
  try {
    job.log(`context   ${ingested.context.contextHash}`);
    const designed = await ports.designer.design(toDesignInput(workflow, { intake, context: ingested.context, config: job.config, sources: { open: async (repo) => storeOf(ingested.stores, repo), loadGrammar: ports.loadGrammar } }));
    return toArtifact(workflow, intake, { contextHash: ingested.context.contextHash, designed, calls: designed.calls.map((call) => toThinkCall(call, job.config)) });
  } finally {
    await ingested.close();
  }
}

/** What a designer is given: the pinned issue, what is known about the repositories, and what the policy never lets through. */
export function toDesignInput(workflow: WorkflowId, { intake, context, config, sources }: { intake: Intake; context: RepositoryContext; config: CountersignConfig; sources: RewriteSources }): DesignInput {
  const frozen: DesignInput['frozen'] = (repo, path) => blockedBy(config, repo, path);
  return {
    workflow,
    issue: issueOf(intake),
    answers: intake.answers,
    unanswered: intake.unanswered,
    context,
    contextHash: context.contextHash,
    repos: intake.repos,
    issueRevision: intake.revision,
    hash: hashCanonical,
    frozen,
    review: reviewDesign(workflow, context, frozen),
    rewrite: rewriteOnBases(intake.repos, sources),
  };
}

/** The pinned issue as a role sees it. */
export const issueOf = ({ title, body, source }: Intake): PinnedIssue => ({ title, body, repo: source.repo, number: source.number, url: source.url });

type Designed = Awaited<ReturnType<Ports['designer']['design']>>;

function toArtifact(workflow: WorkflowId, intake: Intake, { contextHash, designed, calls }: { contextHash: string; designed: Designed; calls: DesignArtifact['calls'] }): { artifact: DesignArtifact; report: StepReport } {
  if (!isWorkflowId(workflow)) throw new TypeError('a workflow id was expected');
  const documents = designed.kind === 'designed' ? designed : null;
  const artifact: DesignArtifact = {
    format: 'countersign/think@1',
    stage: 'design',
    workflow,
    issueRevision: intake.revision,
    repos: intake.repos.map((repo) => ({ ...repo })),
    contextHash,
    documents: {
      decision: documents?.decision ?? null,
      architecture: documents?.architecture ?? null,
      scope: documents?.scope ?? null,
      plan: documents?.plan ?? null,
      gates: documents?.gates ?? null,
    },
    calls,
    failure: designed.kind === 'failed' ? { code: designed.code, reason: designed.reason, questions: [...designed.questions] } : null,
  };
  const said = designed.kind === 'failed' ? `No design: ${designed.reason}` : `Recommended ${designed.decision.verdict}.`;
  return { artifact, report: { ok: true, workflow, state: null, next: '', summary: `${said} Next: the record job checks it.` } };
}
