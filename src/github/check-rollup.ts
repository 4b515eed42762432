import { z } from 'zod';

import type { CheckView } from '../ports/github-reader.ts';
import { checkRunState, statusState } from './check-state.ts';

const CONTEXTS_MAX = 100;

/** All checks of a commit, as fields of a `Commit`. */
export const rollupField =
  `statusCheckRollup { contexts(first: ${CONTEXTS_MAX}) { pageInfo { hasNextPage } nodes { __typename ` +
  '... on CheckRun { name status conclusion startedAt detailsUrl checkSuite { id app { databaseId } } } ' +
  '... on StatusContext { context state targetUrl } } } }';

const checkRunSchema = z.object({
  __typename: z.literal('CheckRun'),
  name: z.string(),
  status: z.string(),
  conclusion: z.string().nullable(),
  startedAt: z.string().nullable(),
  detailsUrl: z.string().nullable(),
  checkSuite: z.object({ id: z.string(), app: z.object({ databaseId: z.int().nullable() }).nullable() }),
});
const statusSchema = z.object({ __typename: z.literal('StatusContext'), context: z.string(), state: z.string(), targetUrl: z.string().nullable() });
const contextSchema = z.discriminatedUnion('__typename', [checkRunSchema, statusSchema]);
export const rollupSchema = z.object({ contexts: z.object({ pageInfo: z.object({ hasNextPage: z.boolean() }), nodes: z.array(contextSchema) }) }).nullable();
type CheckRun = z.infer<typeof checkRunSchema>;

/** The checks of a rollup (null: none was reported), or null when it has more of them than came. */
export function checksOfRollup(rollup: z.infer<typeof rollupSchema>): CheckView[] | null {
  if (!rollup) return [];
  const { pageInfo, nodes } = rollup.contexts;
  if (pageInfo.hasNextPage) return null;
  const runs = nodes.filter((node) => node.__typename === 'CheckRun');
  return nodes
    .filter((node) => node.__typename === 'StatusContext' || !isSuperseded(node, runs))
    .map((node) =>
      node.__typename === 'CheckRun'
        ? { context: node.name, integrationId: node.checkSuite.app?.databaseId ?? null, state: checkRunState(node.status, node.conclusion), url: node.detailsUrl }
        // A status does not say which App set it, so it never satisfies a requirement that names one.
        : { context: node.context, integrationId: null, state: statusState(node.state), url: node.targetUrl },
    );
}

// A rollup also lists the runs that a re-run replaced: same suite, same name, begun earlier. One that has not begun is the latest.
function isSuperseded(run: CheckRun, runs: readonly CheckRun[]): boolean {
  const begun = ({ startedAt }: CheckRun): number => (startedAt === null ? Number.POSITIVE_INFINITY : Date.parse(startedAt));
  return runs.some((other) => other.checkSuite.id === run.checkSuite.id && other.name === run.name && begun(other) > begun(run));
}
