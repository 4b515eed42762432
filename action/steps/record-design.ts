import { recordDesign } from '../../src/orchestrator/record-design.ts';
import { workflowIdFor } from '../../src/orchestrator/workflow-id.ts';
import type { StepReport } from '../../src/orchestrator/ports.ts';
import { systemClock } from '../../src/system/clock.ts';
import { controlReader, controlWriter, grammarLoader, openLedger, repoReader, targetReader, type Wiring } from '../adapters.ts';
import { downloadThought } from '../artifact.ts';
import { startInput } from '../start-input.ts';

export async function run(wiring: Wiring): Promise<StepReport> {
  const input = startInput(wiring);
  const { run: ref, repository } = { run: wiring.environment.run, repository: wiring.environment.run.repository };
  const { ledger, job } = await openLedger(wiring, input.workflow ?? workflowIdFor(systemClock.now(), repository, ref.id));
  const ports = { job, ledger, targets: targetReader(wiring), control: controlReader(wiring), repos: repoReader(wiring), writer: controlWriter(wiring), loadGrammar: grammarLoader(wiring) };
  return recordDesign(ports, { ...input, artifact: await downloadThought('design', wiring.environment.temp) });
}
