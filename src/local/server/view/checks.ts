import type { LocalCheck, LocalState } from '../../contract.ts';

export type LocalStatus = LocalState['statuses'][number];
/** Where a commit lies: checks and statuses belong to a commit of one repository. */
export interface CommitPlace {
  readonly repo: string;
  readonly sha: string;
}

const isAt = ({ repo, sha }: CommitPlace) => (item: CommitPlace): boolean => item.repo === repo && item.sha === sha;

export const allChecks = (state: LocalState, place: CommitPlace): LocalCheck[] => state.checks.filter(isAt(place));

/** The latest check run of each name and App. */
export const latestChecks = (state: LocalState, place: CommitPlace): LocalCheck[] => [...new Map(allChecks(state, place).map((check) => [`${check.appId} ${check.name}`, check])).values()];

/** Of several statuses with one context only the latest counts. */
export const latestStatuses = (state: LocalState, place: CommitPlace): LocalStatus[] => [...new Map(state.statuses.filter(isAt(place)).map((status) => [status.context, status])).values()];

export const combinedState = (statuses: readonly LocalStatus[]): 'failure' | 'pending' | 'success' =>
  statuses.some(({ state }) => state === 'failure' || state === 'error') ? 'failure' : statuses.length === 0 || statuses.some(({ state }) => state === 'pending') ? 'pending' : 'success';
