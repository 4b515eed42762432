import { z } from 'zod';

import { workflowDirectory, type RepoName, type WorkflowId } from '../domain/ids.ts';
import { repoParts } from '../schema/github-path.ts';
import { oidSchema, orOther } from './answer-schema.ts';
import type { GraphqlQuery } from './client.ts';
import { configField, configSchema } from './control-file.ts';
import { environmentField, environmentSchema } from './environment.ts';
import { blobFields, blobSchema } from './git-blob.ts';

const LEDGER_REF = 'refs/heads/ledger';
// The trees on the way from the ledger's root to a workflow's evidence, in the order of their depth.
const LEVELS = ['year', 'month', 'day', 'workflow', 'evidence'] as const;

const entrySchema = z.object({ name: z.string(), type: z.string(), oid: oidSchema, object: orOther(blobSchema).optional() });
export type LedgerEntry = z.infer<typeof entrySchema>;
const treeSchema = z.object({ oid: oidSchema, entries: z.array(entrySchema).nullable() });
const levelSchema = orOther(treeSchema);
const repositorySchema = z.object({
  defaultBranchRef: z.object({ name: z.string() }).nullable(),
  config: configSchema,
  environment: environmentSchema.nullish(),
  ledger: z.object({ target: z.object({ oid: oidSchema, tree: treeSchema.optional() }).nullable() }).nullable(),
  genesis: orOther(blobSchema.extend({ oid: oidSchema })),
  root: levelSchema,
  year: levelSchema,
  month: levelSchema,
  day: levelSchema,
  workflow: levelSchema,
  evidence: levelSchema,
});
export const ledgerAnswerSchema = z.object({ repository: repositorySchema });
export type LedgerAnswer = z.infer<typeof repositorySchema>;

/** What comes with the events: the evidence's bytes (not only its names), and how an environment is protected. */
export interface LedgerExtras {
  readonly evidence: boolean;
  readonly environment: string | null;
}

/**
 * One query for everything that a step needs of the control repository: the ledger's tip, its genesis, one workflow's
 * files and the settings.
 */
export function buildLedgerQuery(repo: RepoName, id: WorkflowId, { evidence, environment }: LedgerExtras): GraphqlQuery {
  const shards = workflowDirectory(id).split('/').slice(1);
  const paths = LEVELS.map((level, index) => [level, ['workflows', ...shards.slice(0, index + 1), ...(level === 'evidence' ? ['evidence'] : [])].join('/')] as const);
  const expression = (path: string): string => `${LEDGER_REF}:${path}`;
  const names = 'name type oid';
  const contents = `${names} object { ... on Blob { ${blobFields} } }`;
  const entries = { year: names, month: names, day: names, workflow: contents, evidence: evidence ? contents : names };
  const levels = LEVELS.map((level) => `${level}: object(expression: $${level}) { ... on Tree { oid entries { ${entries[level]} } } }`);
  return {
    text: `query Ledger($owner: String!, $name: String!, ${environment === null ? '' : '$environment: String!, '}$ref: String!, $genesis: String!, $root: String!, ${LEVELS.map((level) => `$${level}: String!`).join(', ')}) {
      repository(owner: $owner, name: $name, followRenames: false) {
        defaultBranchRef { name }
        ${configField}
        ${environment === null ? '' : environmentField}
        ledger: ref(qualifiedName: $ref) { target { oid ... on Commit { tree { oid entries { ${names} } } } } }
        genesis: object(expression: $genesis) { ... on Blob { oid ${blobFields} } }
        root: object(expression: $root) { ... on Tree { oid entries { ${names} } } }
        ${levels.join('\n        ')}
      }
    }`,
    variables: {
      ...repoParts(repo),
      ...(environment === null ? {} : { environment }),
      ref: LEDGER_REF,
      genesis: expression('ledger.json'),
      root: expression('workflows'),
      ...Object.fromEntries(paths.map(([level, path]) => [level, expression(path)])),
    },
  };
}

