import { settle, workflowInTitle } from '../../src/orchestrator/settle.ts';
import type { StepReport } from '../../src/orchestrator/ports.ts';
import { controlReader, controlWriter, openLedger, type Wiring } from '../adapters.ts';
import { parseWorkflowRun } from '../events.ts';

export async function run(wiring: Wiring): Promise<StepReport> {
  const ended = parseWorkflowRun(wiring.environment.event);
  const opened = await openLedger(wiring, workflowInTitle(ended.title));
  return settle({ ...opened, control: controlReader(wiring), writer: controlWriter(wiring) }, ended);
}
