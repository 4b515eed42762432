import { hintOf, recordDesign } from '../../src/orchestrator/record-design.ts';
import { workflowIdFor } from '../../src/orchestrator/workflow-id.ts';
import type { StepReport } from '../../src/orchestrator/ports.ts';
import { systemClock } from '../../src/system/clock.ts';
import { controlReader, controlWriter, grammarLoader, openLedger, openStart, repoReader, targetReader, type Wiring } from '../adapters.ts';
import { downloadThought } from '../artifact.ts';
import { startInput } from '../start-input.ts';

export async function run(wiring: Wiring): Promise<StepReport> {
  const artifact = await downloadThought('design', wiring.environment.temp);
  const input = { ...startInput(wiring), hint: hintOf(artifact) };
  const { run: ref } = wiring.environment;
  const opened =
    input.workflow === null
      ? await openStart(wiring, workflowIdFor(systemClock.now(), ref.repository, ref.id), input)
      : { ...(await openLedger(wiring, input.workflow)), targets: targetReader(wiring) };
  const ports = { ...opened, control: controlReader(wiring), repos: repoReader(wiring), writer: controlWriter(wiring), loadGrammar: grammarLoader(wiring) };
  return recordDesign(ports, { ...input, artifact });
}
