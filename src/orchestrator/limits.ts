import type { CountersignConfig } from '../domain/config.ts';
import type { Limits } from '../domain/workflow.ts';

/** The budgets that a new workflow is given for its life. The recipe runner is deterministic: asking it again changes nothing. */
export function limitsOf(config: CountersignConfig): Limits {
  const asksModel = config.model.name !== 'recipe';
  return {
    regenerationsMax: asksModel ? config.limits.regenerations : 0,
    ciRegenerationsMax: asksModel ? config.limits.ciRegenerations : 0,
    revisionsMax: config.limits.revisions,
    ciTimeoutSeconds: config.ci.timeoutSeconds,
    approvalExpiresHours: config.limits.approvalHours,
    costMicroUsdMax: config.limits.costUsd === null ? null : Math.round(config.limits.costUsd * 1_000_000),
  };
}
