import { authorize } from '../../src/orchestrator/authorize.ts';
import type { StepReport } from '../../src/orchestrator/ports.ts';
import { parseReviewInput } from '../../src/orchestrator/review-input.ts';
import { controlReader, openLedger, type Wiring } from '../adapters.ts';

export async function run(wiring: Wiring): Promise<StepReport> {
  const input = parseReviewInput(wiring.inputs);
  return authorize({ ...(await openLedger(wiring, input.workflow)), control: controlReader(wiring) }, input);
}
