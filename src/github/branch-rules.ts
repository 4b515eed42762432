import { z } from 'zod';

import type { RequiredCheck } from '../ports/github-reader.ts';
import { integrationOf } from './check-state.ts';

/** The rules of a branch from all active rulesets, as a field of a `Ref`. */
export const rulesField = 'rules(first: 100) { pageInfo { hasNextPage } nodes { type parameters { __typename ... on RequiredStatusChecksParameters { requiredStatusChecks { context integrationId } } } } }';

const parametersSchema = z.object({ requiredStatusChecks: z.array(z.object({ context: z.string(), integrationId: z.int().nullable() })).optional() });
const ruleSchema = z.object({ type: z.string(), parameters: parametersSchema.nullable() });
export const rulesSchema = z.object({ pageInfo: z.object({ hasNextPage: z.boolean() }), nodes: z.array(ruleSchema) }).nullable();

/**
 * What rulesets require, as it came with a query; null when that is not all, or nothing. A branch without rules looks the same as
 * one whose rules a token may not see over GraphQL, so "nothing is required" is only believed of the REST API.
 */
export function checksOfRules(rules: z.infer<typeof rulesSchema> | undefined): readonly RequiredCheck[] | null {
  if (!rules || rules.pageInfo.hasNextPage || rules.nodes.length === 0) return null;
  const required = rules.nodes.filter(({ type }) => type === 'REQUIRED_STATUS_CHECKS').map(({ parameters }) => parameters?.requiredStatusChecks);
  if (required.includes(undefined)) return null;
  return required.flatMap((checks) => checks ?? []).map(({ context, integrationId }) => ({ context, integrationId: integrationOf(integrationId) }));
}
