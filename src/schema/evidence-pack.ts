import { z } from 'zod';
import { countSchema, oidSchema, sha256Schema, workflowIdSchema } from './fields.ts';

/** The version of evidence packs that is written and read. */
export const PACK_FORMAT = 'countersign/evidence-pack@1';

const content = { text: z.string().optional(), base64: z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/, 'expected base64').optional() };
const object = { id: oidSchema, size: countSchema, ...content };

/** The first line of an evidence pack. */
export const packHeaderSchema = z.strictObject({ format: z.literal(PACK_FORMAT), tip: oidSchema, workflow: workflowIdSchema });
/** Every other line. */
export const packLineSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('commit'), adds: z.boolean(), ...object }),
  z.strictObject({ kind: z.literal('tree'), ...object }),
  z.strictObject({ kind: z.literal('blob'), ...object }),
  z.strictObject({ kind: z.literal('more'), ...content }),
  z.strictObject({ kind: z.literal('end'), lines: countSchema, sha256: sha256Schema }),
]);

export type PackHeader = z.infer<typeof packHeaderSchema>;
export type PackLine = z.infer<typeof packLineSchema>;

/** Any line, for the published schema. */
export const packAnyLineSchema = z.union([packHeaderSchema, packLineSchema]);
