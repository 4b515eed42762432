// Facts about GitHub that its published descriptions do not say, each with its source. The local GitHub models nothing else beyond them.

export const OVERLAY = {
  /** Fields that the live API answers although the description leaves them out. */
  undocumentedFields: [
    {
      operation: 'repos/get-environment',
      field: 'can_admins_bypass',
      source: 'Live answers of GET /repos/{owner}/{repo}/environments/{environment_name}; also in the Terraform provider (integrations/terraform-provider-github, github_repository_environment).',
    },
  ],
  /** Statuses that the live API answers although the description does not list them for the operation. */
  undocumentedStatuses: [
    { operation: 'actions/create-workflow-dispatch', status: 422, source: 'GitHub answers 422 "Workflow does not have \'workflow_dispatch\' trigger" and "No ref found for" (community discussions 24982 and 26303).' },
    { operation: 'actions/review-pending-deployments-for-run', status: 422, source: 'Reviews by someone who may not review, or of nothing that waits, are unprocessable; the docs list 200 only.' },
    { operation: 'actions/re-run-workflow', status: 409, source: 'A run that is still going cannot be run again.' },
    { operation: 'git/get-tree', status: 422, source: 'Described as validation_failed; kept for slices that leave it out.' },
    { operation: 'apps/create-installation-access-token', status: 422, source: 'Asking for a permission that the App does not have.' },
  ],
  /** `GITHUB_TOKEN` can neither approve nor reject a deployment: the docs say "required reviewers", and a bot is none. */
  jobTokenCannotReview: 'https://docs.github.com/en/actions/managing-workflow-runs-and-deployments/managing-deployments/reviewing-deployments',
  /** Without `return_run_details` a dispatch answers 204 without a body; with it 200 and where the run is. */
  dispatchAnswersRun: 'https://github.blog/changelog/2026-02-19-workflow-dispatch-api-now-returns-run-ids/',
  /** An environment that a job names and that does not exist is created without any protection. */
  environmentIsCreatedOnUse: 'https://docs.github.com/en/actions/managing-workflow-runs-and-deployments/managing-deployments/managing-environments-for-deployment',
} as const;
