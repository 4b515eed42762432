import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { read, ROOT } from './files.ts';

/** The trust zones: each job's permissions, environment, and the secrets that its steps are given. */
export const ZONES: Readonly<Record<string, { permissions: Readonly<Record<string, string>>; environment: string | null; secrets: readonly string[] }>> = {
  'start.yml design': { permissions: { contents: 'read' }, environment: null, secrets: ['COUNTERSIGN_MODEL_KEY', 'COUNTERSIGN_READ_TOKEN'] },
  'start.yml record-design': { permissions: { contents: 'write', actions: 'write', issues: 'write' }, environment: null, secrets: ['COUNTERSIGN_READ_TOKEN'] },
  'start.yml patch': { permissions: { contents: 'read' }, environment: null, secrets: ['COUNTERSIGN_MODEL_KEY', 'COUNTERSIGN_READ_TOKEN'] },
  'start.yml record-patch': { permissions: { contents: 'write', actions: 'write', issues: 'write' }, environment: null, secrets: ['COUNTERSIGN_READ_TOKEN'] },
  'settle.yml settle': { permissions: { contents: 'write', actions: 'write', issues: 'write' }, environment: null, secrets: [] },
  'answer.yml answer': { permissions: { contents: 'write', actions: 'write', issues: 'write' }, environment: null, secrets: [] },
  'observe.yml observe': { permissions: { contents: 'write', actions: 'write', issues: 'write' }, environment: null, secrets: ['COUNTERSIGN_READ_TOKEN'] },
  'apply.yml present': { permissions: { contents: 'read' }, environment: null, secrets: [] },
  'apply.yml write': {
    permissions: { contents: 'write', actions: 'read' },
    environment: 'countersign-approval',
    secrets: ['COUNTERSIGN_APP_PRIVATE_KEY', 'COUNTERSIGN_READ_TOKEN', 'COUNTERSIGN_WRITE_TOKEN'],
  },
  'site.yml publish': { permissions: { contents: 'read', pages: 'write', 'id-token': 'write' }, environment: 'github-pages', secrets: [] },
};

const stepSchema = z.looseObject({ uses: z.string().optional(), run: z.string().optional(), with: z.record(z.string(), z.unknown()).optional() });
const environmentSchema = z.union([z.string(), z.looseObject({ name: z.string() }).transform(({ name }) => name)]);
const jobSchema = z.looseObject({
  permissions: z.record(z.string(), z.string()),
  environment: environmentSchema.optional(),
  strategy: z.unknown().optional(),
  concurrency: z.unknown().optional(),
  steps: z.array(stepSchema),
});
const fileSchema = z.looseObject({ on: z.record(z.string(), z.unknown()), permissions: z.record(z.string(), z.string()), env: z.record(z.string(), z.string()).optional(), jobs: z.record(z.string(), jobSchema) });

export interface WorkflowJob extends z.infer<typeof jobSchema> {
  /** `start.yml design` */
  readonly id: string;
  readonly secrets: readonly string[];
}

export const WORKFLOW_FILES = readdirSync(join(ROOT, '.github/workflows')).filter((file) => file.endsWith('.yml'));

export const readWorkflowFile = (file: string): z.infer<typeof fileSchema> => fileSchema.parse(parse(read(`.github/workflows/${file}`)));

/** Every job of every workflow file, with the names of the secrets that it mentions anywhere. */
export const JOBS: readonly WorkflowJob[] = WORKFLOW_FILES.flatMap((file) =>
  Object.entries(readWorkflowFile(file).jobs).map(([key, job]) => ({ ...job, id: `${file} ${key}`, secrets: secretsIn(JSON.stringify(job)) })),
);

/** `secrets.NAME` in any spelling that GitHub knows; `secrets` as a whole counts as the name `*`. */
function secretsIn(text: string): readonly string[] {
  const named = [...text.matchAll(/\bsecrets\s*(?:\.\s*([A-Za-z0-9_]+)|\[\s*\\?['"]([A-Za-z0-9_]+)|)/g)].map((match) => match[1] ?? match[2] ?? '*');
  return [...new Set(named)].toSorted();
}
