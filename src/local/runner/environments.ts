// Environments of a repository: who reviews, and what a job may read once it is let in.
import { inputError, refusedError } from '../../domain/errors.ts';
import type { LocalEnvironment, LocalRepo, LocalRun, ServerServices } from '../contract.ts';

const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

export const findEnvironment = (repo: LocalRepo, name: string): LocalEnvironment | undefined => repo.environments.find((environment) => sameName(environment.name, name));

/** An environment that does not exist is created without any protection, as GitHub does: a job must not trust the name alone. */
export function environmentForJob(services: ServerServices, repo: LocalRepo, name: string): LocalEnvironment {
  const known = findEnvironment(repo, name);
  if (known !== undefined) return known;
  const created: LocalEnvironment = { id: services.nextId(), name, reviewers: [], preventSelfReview: false, canAdminsBypass: true, secrets: {}, variables: {} };
  repo.environments.push(created);
  return created;
}

/** Throws unless this person may review this run's environment. */
export function assertMayReview(repo: LocalRepo, run: LocalRun, { environment, user }: { environment: string; user: string }): void {
  const found = findEnvironment(repo, environment);
  if (found === undefined) throw inputError('unknown-environment', `${repo.name} has no environment ${environment}.`);
  if (!found.reviewers.some((reviewer) => sameName(reviewer, user))) {
    throw refusedError('reviewer-not-listed', `${user} is not a required reviewer of ${found.name}: ${found.reviewers.join(', ') || 'nobody is'}.`);
  }
  if (found.preventSelfReview && sameName(run.actor, user)) throw refusedError('self-review-prevented', `${user} started this run, and ${found.name} does not allow self-review.`);
}
