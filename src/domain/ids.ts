/** SHA-256 in lower-case hex, without a prefix. */
export type Sha256 = string;
/** A git object id (SHA-1, 40 hex digits, lower case). */
export type Oid = string;
/** `OWNER/NAME` as GitHub spells it. */
export type RepoName = string;
/** `wf-YYYYMMDD-xxxxxx`: the day the workflow was created (UTC) and six base-36 characters. */
export type WorkflowId = string;
/** `ps-1`, `ps-2`, …: one for each repository of a workflow, in the order of its repositories. */
export type PatchSetId = string;
/** An instant, `YYYY-MM-DDTHH:MM:SSZ`. For display only: order is `seq`. */
export type Instant = string;

export const isSha256 = (text: string): boolean => /^[0-9a-f]{64}$/.test(text);
export const isOid = (text: string): boolean => /^[0-9a-f]{40}$/.test(text);
export const isWorkflowId = (text: string): boolean => /^wf-\d{8}-[0-9a-z]{6}$/.test(text);
export const isPatchSetId = (text: string): boolean => /^ps-[1-9]\d{0,2}$/.test(text);
// GitHub's own limits: 39 characters of owner, 100 of name, and neither `.` nor `..`.
export const isRepoName = (text: string): boolean =>
  /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})\/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/.test(text);

/** The approval digest as people see it. */
export const showDigest = (sha256: Sha256): string => `sha256:${sha256}`;

/** Where a workflow's records lie in the ledger, sharded by day so that every tree on the path stays small. */
export function workflowDirectory(id: WorkflowId): string {
  return `workflows/${id.slice(3, 7)}/${id.slice(7, 9)}/${id.slice(9, 11)}/${id}`;
}
