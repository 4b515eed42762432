import { patch } from '../../src/orchestrator/patch.ts';
import type { StepReport } from '../../src/orchestrator/ports.ts';
import { grammarLoader, openLedger, repoReader, type Wiring } from '../adapters.ts';
import { uploadThought } from '../artifact.ts';
import { createRoles } from '../models.ts';
import { readProposal } from '../proposal.ts';
import { spent } from '../spent.ts';
import { requireWorkflowId } from '../start-input.ts';

export async function run(wiring: Wiring): Promise<StepReport> {
  const workflow = requireWorkflowId(wiring);
  const given = await readProposal(wiring);
  const { ledger, job } = await openLedger(wiring, workflow);
  const { proposer } = await createRoles(job, wiring.inputs.modelKey, await spent(ledger, workflow));
  const { artifact, report } = await patch({ job, ledger, repos: repoReader(wiring), proposer, loadGrammar: grammarLoader(wiring) }, { workflow, given });
  await uploadThought('patch', artifact, wiring.environment.temp);
  return report;
}
