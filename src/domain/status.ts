/** The states of a workflow. `NEEDS_HUMAN` is a pause; the states of `FINAL` end. */
export const STATUSES = [
  'INGESTED',
  'PATCHES_PROPOSED',
  'WAITING_USER_APPROVAL',
  'APPLYING_PATCHES',
  'PR_OPEN',
  'VERIFYING_CI',
  'NEEDS_HUMAN',
  'DONE',
  'FAILED',
  'BLOCKED_POLICY',
  'DECLINED',
] as const;
export type Status = (typeof STATUSES)[number];

export const FINAL = ['DONE', 'FAILED', 'BLOCKED_POLICY', 'DECLINED'] as const;
export type FinalStatus = (typeof FINAL)[number];

export const isFinal = (status: Status): status is FinalStatus => (FINAL as readonly Status[]).includes(status);
