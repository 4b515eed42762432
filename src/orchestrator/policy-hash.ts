import type { CountersignConfig } from '../domain/config.ts';
import type { Sha256 } from '../domain/ids.ts';
import { jcs, sha256 } from '../ledger/canonical-json.ts';
import { RULE_SET } from '../policy/rule-set.ts';

/** What an approval binds of the policy: the rules themselves (as a hash), every rule's settings, and what targets and approvers say of them. */
export function policyHash(config: CountersignConfig): Sha256 {
  const targets = config.targets.map(({ repo, checks, verification, policy }) => ({ repo, checks, verification, policy }));
  const text = JSON.stringify({ ruleSet: RULE_SET, policy: config.policy, targets, approvers: config.approvers });
  return sha256(jcs(new TextEncoder().encode(text)));
}
