import type { ChangeSet } from '../domain/change-set.ts';
import type { CountersignConfig } from '../domain/config.ts';
import type { RepoName } from '../domain/ids.ts';
import type { PolicyResult } from '../domain/policy.ts';
import { judgeBase, judgeChanges } from '../change-set/judge.ts';
import { evaluatePolicy, wantedBaseFiles } from '../policy/evaluate.ts';
import type { ObjectReader } from '../ports/objects.ts';
import { effectivePolicy } from '../schema/config.ts';
import { policyHash } from './policy-hash.ts';

const NO_OBJECT = '0'.repeat(40);

/** Today's policy over one change set, with the scope that was fixed before it existed. */
export async function judgeChangeSet(changeSet: ChangeSet, objects: ObjectReader, given: { repo: RepoName; config: CountersignConfig; scope: readonly string[] | null; today: string }): Promise<PolicyResult> {
  return evaluatePolicy({
    repo: given.repo,
    changes: await judgeChanges(changeSet, objects),
    ...(await judgeBase(changeSet.base.tree, objects, wantedBaseFiles)),
    scope: given.scope,
    config: effectivePolicy(given.config, given.repo),
    policy: policyHash(given.config),
    today: given.today,
  });
}

/** The rule that would block any change of this path, or null. For triage: the real change is judged by its tree delta. */
export function blockedBy(config: CountersignConfig, repo: RepoName, path: string): string | null {
  const change = { path, op: 'modify', oldMode: '100644', newMode: '100644', oldBlob: NO_OBJECT, newBlob: NO_OBJECT } as const;
  const result = evaluatePolicy({
    repo,
    changes: [{ change, oldBytes: null, newBytes: null, added: 0, removed: 0 }],
    basePaths: [path],
    baseFiles: new Map(),
    scope: null,
    config: effectivePolicy(config, repo),
    policy: policyHash(config),
    // Allowances are looked at when the change itself is judged; here the day does not matter.
    today: '1970-01-01',
  });
  return result.rules.flatMap(({ violations }) => violations).find(({ severity }) => severity === 'BLOCK')?.rule ?? null;
}
