import type { WorkflowId } from '../../src/domain/ids.ts';
import { authorize, ENVIRONMENT } from '../../src/orchestrator/authorize.ts';
import type { StepReport } from '../../src/orchestrator/ports.ts';
import { evidenceForWriting } from '../../src/orchestrator/write.ts';
import { parseReviewInput } from '../../src/orchestrator/review-input.ts';
import { openReview, type Wiring } from '../adapters.ts';
import { leaveHandover } from '../handover.ts';

export async function run(wiring: Wiring): Promise<StepReport> {
  const input = parseReviewInput(wiring.inputs);
  const opened = await openReview(wiring, input.workflow, ENVIRONMENT);
  const report = await authorize(opened, input);
  if (report.next === 'write') await handOver(wiring, opened, input.workflow);
  return report;
}

/** The write step of this job goes on from the commit that has just recorded the approval. */
async function handOver({ environment }: Wiring, { ledger, config }: Awaited<ReturnType<typeof openReview>>, workflow: WorkflowId): Promise<void> {
  const snapshot = await ledger.readWorkflow(workflow);
  await leaveHandover({ ...environment, workflow }, { snapshot, evidence: await evidenceForWriting(ledger, workflow), config });
}
