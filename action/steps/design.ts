import { design } from '../../src/orchestrator/design.ts';
import { grammarLoader, openLedger, repoReader, targetReader, type Wiring } from '../adapters.ts';
import { uploadThought } from '../artifact.ts';
import { createRoles } from '../models.ts';
import { spent } from '../spent.ts';
import type { StepReport } from '../../src/orchestrator/ports.ts';
import { startInput } from '../start-input.ts';

export async function run(wiring: Wiring): Promise<StepReport> {
  const input = startInput(wiring);
  const { ledger, job } = await openLedger(wiring, input.workflow);
  const { designer } = await createRoles(job, wiring.inputs.modelKey, await spent(ledger, input.workflow));
  const ports = { job, ledger, targets: targetReader(wiring), repos: repoReader(wiring), designer, loadGrammar: grammarLoader(wiring) };
  const { artifact, report } = await design(ports, input);
  await uploadThought('design', artifact, wiring.environment.temp);
  return report;
}
