import type { ChangeSet } from '../../domain/change-set.ts';
import type { CountersignConfig } from '../../domain/config.ts';
import type { Oid, Sha256 } from '../../domain/ids.ts';
import type { PolicyViolation } from '../../domain/policy.ts';
import { resolveChangeSet } from '../../change-set/build.ts';
import { hashCanonical } from '../../ledger/canonical-json.ts';
import type { ScratchStore } from '../../ports/objects.ts';
import type { Excerpts } from './excerpts.ts';
import { publicChanges } from './public-paths.ts';

/** What the patch was made for. No commit: nothing at all, as before a repository's first commit. */
export interface CheckBase {
  readonly commit: Oid | null;
  readonly tree: Oid;
}

export interface CheckInput {
  readonly store: ScratchStore;
  readonly base: CheckBase;
  readonly patch: Uint8Array;
  readonly format: 'diff' | 'edits';
  readonly config: CountersignConfig;
  readonly scope: readonly string[] | null;
  /** `YYYY-MM-DD`. */
  readonly today: string;
  /** True to have the lines that violations name. */
  readonly wantsExcerpts?: boolean;
}

/** The answer of `patch check`. With `error`, nothing was judged. */
export interface CheckAnswer {
  readonly ok: boolean;
  readonly base: CheckBase | null;
  readonly result: { readonly tree: Oid } | null;
  /** SHA-256 of the canonical JSON of {base, result, changes}: there is no workflow here, so no manifest. */
  readonly digest: Sha256 | null;
  readonly changes: ChangeSet['changes'];
  readonly violations: readonly PolicyViolation[];
  readonly error?: { readonly code: string; readonly message: string };
  /** Lines of the result that violations name, for people; no part of what is printed as JSON. */
  readonly excerpts?: Excerpts;
}

/** Applies the patch in a scratch store, takes the tree delta, and has policy judge that. */
export async function checkPatch(input: CheckInput): Promise<CheckAnswer> {
  const { base, store } = input;
  const parts = [{ format: input.format, text: input.patch }];
  const resolved = await resolveChangeSet({ repo: null, base: { commit: base.commit ?? base.tree, tree: base.tree }, parts, store, paths: 'any' });
  if (resolved.kind === 'failed') return failedAnswer(resolved.code, resolved.message, base);
  const { changeSet } = resolved;
  const { violations, excerpts } = await judge(changeSet, input);
  const ok = violations.every(({ severity }) => severity !== 'BLOCK');
  const { result, changes } = changeSet;
  return { ok, base, result, digest: hashCanonical({ base, result, changes: publicChanges(changes) }), changes, violations, excerpts };
}

export const failedAnswer = (code: string, message: string, base: CheckAnswer['base'] = null): CheckAnswer => ({
  ok: false,
  base,
  result: null,
  digest: null,
  changes: [],
  violations: [],
  error: { code, message },
});

async function judge(changeSet: ChangeSet, input: CheckInput): Promise<{ violations: readonly PolicyViolation[]; excerpts: Excerpts }> {
  if (input.config.policy.kind === 'off') return { violations: [], excerpts: new Map() };
  const { judgeBase, judgeChanges } = await import('../../change-set/judge.ts');
  const { evaluatePolicy, wantedBaseFiles } = await import('../../policy/evaluate.ts');
  const { UNNAMED_REPO } = await import('../../policy/input.ts');
  const { policyHash } = await import('../../orchestrator/policy-hash.ts');
  const changes = await judgeChanges(changeSet, input.store);
  const result = evaluatePolicy({
    repo: UNNAMED_REPO,
    changes,
    ...(await judgeBase(changeSet.base.tree, input.store, wantedBaseFiles)),
    scope: input.scope,
    config: input.config.policy,
    policy: policyHash(input.config),
    today: input.today,
  });
  const violations = result.rules.flatMap((rule) => rule.violations);
  return { violations, excerpts: input.wantsExcerpts ? (await import('./excerpts.ts')).excerptsOf(violations, changes) : new Map() };
}
