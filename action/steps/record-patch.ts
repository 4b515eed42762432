import { recordPatch } from '../../src/orchestrator/record-patch.ts';
import type { StepReport } from '../../src/orchestrator/ports.ts';
import { controlReader, controlWriter, openLedger, repoReader, type Wiring } from '../adapters.ts';
import { downloadThought } from '../artifact.ts';
import { requireWorkflowId } from '../start-input.ts';

export async function run(wiring: Wiring): Promise<StepReport> {
  const workflow = requireWorkflowId(wiring);
  const { ledger, job } = await openLedger(wiring, workflow);
  const ports = { job, ledger, control: controlReader(wiring), repos: repoReader(wiring), writer: controlWriter(wiring) };
  return recordPatch(ports, { workflow, artifact: await downloadThought('patch', wiring.environment.temp) });
}
