import { answer, workflowOfComment } from '../../src/orchestrator/answer.ts';
import type { StepReport } from '../../src/orchestrator/ports.ts';
import { controlReader, controlWriter, openLedger, type Wiring } from '../adapters.ts';
import { parseIssueComment } from '../events.ts';

export async function run(wiring: Wiring): Promise<StepReport> {
  const comment = parseIssueComment(wiring.environment.event);
  const opened = await openLedger(wiring, workflowOfComment(comment));
  return answer({ ...opened, control: controlReader(wiring), writer: controlWriter(wiring) }, comment);
}
