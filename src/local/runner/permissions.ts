// A job token's permissions, from the workflow's and the job's `permissions` key.
import type { AccessLevel, Permissions } from '../contract.ts';

const NAMES = ['actions', 'attestations', 'checks', 'contents', 'deployments', 'discussions', 'issues', 'packages', 'pages', 'pull-requests', 'security-events', 'statuses'];

/** GitHub's restricted default for a workflow that names no permissions. */
const RESTRICTED: Permissions = { contents: 'read', packages: 'read' };

/** What a `permissions` value means; null when the key is absent. Naming one permission sets every other to none. */
export function readPermissions(raw: unknown): Permissions | null {
  if (raw === undefined) return null;
  if (raw === 'read-all') return Object.fromEntries(NAMES.map((name) => [name, 'read']));
  if (raw === 'write-all') return { ...Object.fromEntries(NAMES.map((name) => [name, 'write'])), 'id-token': 'write' };
  if (raw === null || typeof raw !== 'object') return {};
  const levels = Object.entries(raw).map(([name, level]): [string, AccessLevel] => [name, accessLevel(level)]);
  return Object.fromEntries(levels.filter(([, level]) => level !== 'none'));
}

/** Unknown words grant nothing. */
const accessLevel = (word: unknown): AccessLevel => (word === 'read' || word === 'write' ? word : 'none');

/** The job's own list wins over the workflow's; neither: the restricted default. */
export const jobPermissions = (workflow: Permissions | null, job: Permissions | null): Permissions => job ?? workflow ?? RESTRICTED;

/** For runs of pull requests: nothing above reading. A permission that only exists as `write` goes. */
export function readOnly(permissions: Permissions): Permissions {
  const kept = Object.entries(permissions).filter(([name]) => name !== 'id-token');
  return Object.fromEntries(kept.map(([name, level]): [string, AccessLevel] => [name, level === 'write' ? 'read' : level]));
}
