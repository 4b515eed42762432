import { design } from '../../src/orchestrator/design.ts';
import { grammarLoader, openLedger, repoReader, targetReader, type Wiring } from '../adapters.ts';
import { uploadThought } from '../artifact.ts';
import { createRoles } from '../models.ts';
import type { StepReport } from '../../src/orchestrator/ports.ts';
import { startInput } from '../start-input.ts';

export async function run(wiring: Wiring): Promise<StepReport> {
  const input = startInput(wiring);
  const { ledger, job } = await openLedger(wiring, input.workflow);
  const { designer } = await createRoles(job.config, wiring.inputs.modelKey);
  const ports = { job, ledger, targets: targetReader(wiring), repos: repoReader(wiring), designer, loadGrammar: grammarLoader() };
  const { artifact, report } = await design(ports, input);
  await uploadThought('design', artifact, wiring.environment.temp);
  return report;
}
