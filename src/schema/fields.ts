import { z } from 'zod';

import { isRepoName } from '../domain/ids.ts';

// The scalars that every schema shares. Each has a cap: what crosses a boundary is bounded before anything else sees it.

export const TEXT_MAX = 65_536;
export const LINE_MAX = 1_000;
export const LIST_MAX = 10_000;

export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 in 64 lower-case hex digits');
export const oidSchema = z.string().regex(/^[0-9a-f]{40}$/, 'expected a git object id in 40 lower-case hex digits');
export const workflowIdSchema = z.string().regex(/^wf-\d{8}-[0-9a-z]{6}$/, 'expected a workflow id such as wf-20261122-k3v9q2');
export const patchSetIdSchema = z.string().regex(/^ps-[1-9]\d{0,2}$/, 'expected a PatchSet id such as ps-1');
export const instantSchema = z
  .string()
  .regex(/^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/, 'expected an instant such as 2026-11-22T10:15:00Z');
export const ledgerIdSchema = z.string().regex(/^[0-9A-Za-z-]{8,64}$/, 'expected a ledger id of 8 to 64 letters, digits and hyphens');
// The pattern is GitHub's (isRepoName); written out, so that the JSON Schema carries it too.
export const repoNameSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,38}\/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/, 'expected OWNER/NAME')
  .refine(isRepoName, 'expected OWNER/NAME');
// Apps' logins end in `[bot]`; enterprise-managed users' hold an underscore.
export const loginSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}(?:\[bot\])?$/, 'expected a GitHub login');
export const urlSchema = z.string().max(2_048).regex(/^https?:\/\/[!-~]+$/, 'expected an http(s) address');
export const branchSchema = z.string().min(1).max(255);
/** One line that people read. Control characters are escaped where it is shown, not here: records keep what was said. */
export const lineSchema = z.string().max(LINE_MAX);
export const textSchema = z.string().max(TEXT_MAX);
export const nameSchema = z.string().min(1).max(200);
export const countSchema = z.int().min(0);
export const positiveSchema = z.int().min(1);
export const pathSchema = z.string().min(1).max(4_096);

/** A list of at most `max` items. */
export const listOf = <T extends z.ZodType>(item: T, max = LIST_MAX): z.ZodArray<T> => z.array(item).max(max);
