import { write } from '../../src/orchestrator/write.ts';
import type { StepReport } from '../../src/orchestrator/ports.ts';
import { reopenLedger, repoReader, targetWriters, type Wiring } from '../adapters.ts';
import { requireWorkflowId } from '../start-input.ts';

export async function run(wiring: Wiring): Promise<StepReport> {
  const workflow = requireWorkflowId(wiring);
  return write({ ...(await reopenLedger(wiring, workflow)), repos: repoReader(wiring), targetWriters: targetWriters(wiring) }, { workflow });
}
