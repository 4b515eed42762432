import { present } from '../../src/orchestrator/present.ts';
import type { StepReport } from '../../src/orchestrator/ports.ts';
import { parseReviewInput } from '../../src/orchestrator/review-input.ts';
import { openLedger, type Wiring } from '../adapters.ts';

export async function run(wiring: Wiring): Promise<StepReport> {
  const input = parseReviewInput(wiring.inputs);
  return present(await openLedger(wiring, input.workflow), input);
}
