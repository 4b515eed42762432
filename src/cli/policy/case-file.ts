import { z } from 'zod';
import { parseYaml } from '../../schema/config-yaml.ts';

const PATH_CHARACTERS_MAX = 4096;
const CASES_MAX = 1000;

const path = z.string().min(1).max(PATH_CHARACTERS_MAX).refine((text) => text.split('/').every((name) => name !== '' && name !== '.' && name !== '..'), 'a path from the root, without "." or ".."');
const content = z.union([
  z.string(),
  z.strictObject({ text: z.string().optional(), base64: z.base64().optional(), mode: z.enum(['100644', '100755', '120000']).default('100644') }).refine(({ text, base64 }) => (text === undefined) !== (base64 === undefined), 'either text or base64'),
]);
const files = z.record(path, content);
const violation = z.strictObject({
  rule: z.string().min(1),
  path: z.string().optional(),
  line: z.int().positive().optional(),
  severity: z.enum(['BLOCK', 'WARN']).optional(),
  message: z.string().optional(),
});
const verdict = z.enum(['pass', 'warn', 'block']);
const oneCase = z
  .strictObject({
    name: z.string().min(1).max(300),
    base: files.default({}),
    change: z.record(path, content.nullable()).optional(),
    patch: z.string().optional(),
    edits: z.string().optional(),
    scope: z.array(z.string()).optional(),
    repo: z.string().regex(/^[\w.-]+\/[\w.-]+$/).optional(),
    today: z.iso.date().optional(),
    expect: verdict.optional(),
    violations: z.array(violation).optional(),
  })
  .refine(({ change, patch, edits }) => [change, patch, edits].filter((each) => each !== undefined).length === 1, 'exactly one of change, patch and edits')
  .refine(({ expect, violations }) => expect !== undefined || violations !== undefined, 'expect, violations, or both');
const schema = z.strictObject({
  config: z.string().default('countersign.yml'),
  repo: z.string().regex(/^[\w.-]+\/[\w.-]+$/).default('local/repository'),
  today: z.iso.date().optional(),
  base: files.default({}),
  cases: z.array(oneCase).min(1).max(CASES_MAX),
});

export type CaseFile = z.infer<typeof schema>;
export type PolicyCase = CaseFile['cases'][number];
export type CaseContent = z.infer<typeof content>;
export type ExpectedViolation = z.infer<typeof violation>;

/** Reads a table of cases. Throws an `input` error that names every fault with its line. */
export function parseCaseFile(text: string, name: string): CaseFile {
  const { value, refuse } = parseYaml(text, name);
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw refuse(parsed.error.issues, schema);
  return parsed.data;
}
