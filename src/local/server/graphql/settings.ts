// Resolvers of a repository's settings: environments with their protection, and the rules of a branch.
import type { LocalEnvironment, LocalRepo } from '../../contract.ts';
import { assertMay } from '../permissions.ts';
import { nodeId } from '../view/users.ts';
import type { Call } from '../world.ts';
import { connectionOf, type ConnectionArguments } from './connection.ts';

type Source = Record<string, unknown>;

/** Null where there is none of that name. The REST API asks for the same permission. */
export function environmentSource(call: Call, repo: LocalRepo, name: string): Source | null {
  assertMay(call.token, repo, { permission: 'actions', level: 'read' });
  const environment = repo.environments.find((candidate) => candidate.name === name);
  if (environment === undefined) return null;
  const types = environment.reviewers.length === 0 ? [] : (['REQUIRED_REVIEWERS', 'BRANCH_POLICY'] as const);
  return {
    id: nodeId('EN', environment.id), databaseId: environment.id, name: environment.name,
    protectionRules: (given: ConnectionArguments) => connectionOf(types, given, { name: 'protectionRules', node: (type) => protectionRule(environment, type) }),
  };
}

function protectionRule(environment: LocalEnvironment, type: 'REQUIRED_REVIEWERS' | 'BRANCH_POLICY'): Source {
  const isReview = type === 'REQUIRED_REVIEWERS';
  return {
    databaseId: environment.id + (isReview ? 1 : 2), type, timeout: 0, preventSelfReview: isReview ? environment.preventSelfReview : null,
    reviewers: (given: ConnectionArguments) => connectionOf(isReview ? environment.reviewers : [], given, { name: 'reviewers', node: () => null }),
  };
}

/** The rules of the active rulesets for one branch. Anyone who may read the repository may see them. */
export function rulesOf(repo: LocalRepo, ref: string, given: ConnectionArguments): Source {
  const applies = ref === `refs/heads/${repo.defaultBranch}` && repo.requiredChecks.length > 0;
  const requiredStatusChecks = repo.requiredChecks.map(({ context, integrationId }) => ({ context, integrationId }));
  const rule = {
    id: nodeId('RR', repo.id), type: 'REQUIRED_STATUS_CHECKS',
    parameters: { __typename: 'RequiredStatusChecksParameters', requiredStatusChecks, strictRequiredStatusChecksPolicy: false },
  };
  return connectionOf(applies ? [rule] : [], given, { name: 'rules', node: (each) => each });
}
