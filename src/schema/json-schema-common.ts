import type { z } from 'zod';

import { citationSchema, unknownSchema } from './documents.ts';
import { statusSchema } from './event-bodies.ts';
import { actorSchema, eventIdSchema, evidenceSchema, runSchema } from './events.ts';
import { branchSchema, countSchema, instantSchema, ledgerIdSchema, lineSchema, loginSchema, nameSchema, oidSchema, patchSetIdSchema, pathSchema, positiveSchema, repoNameSchema, sha256Schema, textSchema, urlSchema, workflowIdSchema } from './fields.ts';
import { changeSchema, fileModeSchema, patchSchema } from './manifest.ts';

/** What several schemas share, by its name in `common.json`. */
export const COMMON: Readonly<Record<string, z.ZodType>> = {
  sha256: sha256Schema,
  oid: oidSchema,
  workflowId: workflowIdSchema,
  patchSetId: patchSetIdSchema,
  ledgerId: ledgerIdSchema,
  repoName: repoNameSchema,
  login: loginSchema,
  url: urlSchema,
  branch: branchSchema,
  path: pathSchema,
  instant: instantSchema,
  line: lineSchema,
  text: textSchema,
  name: nameSchema,
  count: countSchema,
  positive: positiveSchema,
  eventId: eventIdSchema,
  status: statusSchema,
  actor: actorSchema,
  run: runSchema,
  evidence: evidenceSchema,
  fileMode: fileModeSchema,
  change: changeSchema,
  patch: patchSchema,
  citation: citationSchema,
  unknown: unknownSchema,
};
