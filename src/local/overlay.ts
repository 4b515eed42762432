// Facts about GitHub that its published descriptions do not say, each with its source. The local GitHub models nothing else beyond them.

interface UndocumentedStatus {
  readonly operation: string;
  readonly status: number;
  readonly source: string;
}

/** No public word on it: the local GitHub has to answer something, so the product must not rely on which refusal it is. */
const UNCONFIRMED = 'unconfirmed';

/**
 * Statuses that an operation answers although its description does not list them. 401, 403 and 404 need no entry:
 * GitHub answers them wherever a token lacks something, listed or not.
 */
export const UNDOCUMENTED_STATUSES: readonly UndocumentedStatus[] = [
  // "Workflow does not have 'workflow_dispatch' trigger" and unknown refs or inputs.
  { operation: 'actions/create-workflow-dispatch', status: 422, source: 'https://github.com/benc-uk/workflow-dispatch/issues/46' },
  // Someone who may not review, or nothing that waits.
  { operation: 'actions/review-pending-deployments-for-run', status: 422, source: UNCONFIRMED },
  // A run that is still going.
  { operation: 'actions/re-run-workflow', status: 409, source: UNCONFIRMED },
  { operation: 'actions/re-run-workflow', status: 422, source: UNCONFIRMED },
];

/**
 * Fields that answers carry although the description leaves them out.
 * `can_admins_bypass`: whether administrators may force a waiting job past its reviewers.
 */
export const UNDOCUMENTED_FIELDS = [
  { operation: 'repos/get-environment', field: 'can_admins_bypass', source: 'https://github.com/google/go-github/pull/2721' },
] as const;

/*
 * Behaviour that the descriptions leave open, and where the local GitHub models it:
 * - A dispatch answers 204, and 200 with the run when `return_run_details` is true (https://github.com/cli/cli/issues/12672): server/rest/actions.ts.
 * - Required reviewers are people or teams, so neither GITHUB_TOKEN nor an App reviews
 *   (https://docs.github.com/en/actions/how-tos/deploy/configure-and-manage-deployments/review-deployments): server/rest/actions.ts.
 * - A push by a bot without `workflows` that changes `.github/workflows/` is refused
 *   (https://docs.github.com/en/rest/authentication/permissions-required-for-github-apps): server/workflow-files.ts.
 * - GitHub signs a bot's commit when it names no author or committer of its own
 *   (https://docs.github.com/en/authentication/managing-commit-signature-verification/about-commit-signature-verification): server/rest/git-data.ts.
 * - GraphQL answers checks that a token may not read with an error in their own place, not with fewer checks
 *   (https://github.com/cli/cli/issues/12597): server/graphql/status-checks.ts.
 */
