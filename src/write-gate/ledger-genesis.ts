import { z } from 'zod';

import type { Oid } from '../domain/ids.ts';
import type { Intent } from '../domain/intent.ts';
import { repoPath } from '../schema/github-path.ts';
import { oidSchema } from './fields.ts';
import { assertMayWriteControl } from './gate.ts';
import { failed, mutate, mutateTo, type MutationAccess } from './mutate.ts';

export type GenesisResult = { readonly kind: 'created'; readonly commit: Oid } | { readonly kind: 'exists' };

const shaSchema = z.object({ sha: oidSchema });

/**
 * Starts the ledger: an orphan commit that holds `ledger.json` alone, on the new branch `ledger`. `text` is that file's
 * content. `exists` when the branch is there already; it is never touched then.
 */
export async function createLedgerBranch(access: MutationAccess, intent: Extract<Intent, { kind: 'ledger-genesis' }>, text: string): Promise<GenesisResult> {
  assertMayWriteControl(intent, null, intent.repo);
  const git = (resource: string): string => repoPath(intent.repo, 'git', resource);
  const doing = `start the ledger of ${intent.repo}`;
  // Objects without a ref are harmless, so making them again is; the ref is only ever created once.
  const entry = { path: 'ledger.json', mode: '100644', type: 'blob', content: text };
  const tree = await mutateTo(access, { method: 'POST', path: git('trees'), body: { tree: [entry] }, doing, repeatable: true }, { status: 201, schema: shaSchema });
  const commitBody = { message: 'Start the ledger', tree: tree.sha, parents: [] };
  const commit = await mutateTo(access, { method: 'POST', path: git('commits'), body: commitBody, doing, repeatable: true }, { status: 201, schema: shaSchema });
  const creation = { method: 'POST', path: git('refs'), body: { ref: 'refs/heads/ledger', sha: commit.sha }, doing, repeatable: true } as const;
  const answer = await mutate(access, creation);
  if (answer.status === 201) return { kind: 'created', commit: commit.sha };
  if (answer.status === 422 && isExistingRef(answer.data)) return { kind: 'exists' };
  throw failed(access, { doing }, answer);
}

/** GitHub's answer when a ref is to be created that is there already. */
export function isExistingRef(data: unknown): boolean {
  const parsed = z.object({ message: z.string() }).safeParse(data);
  return parsed.success && /already exists/i.test(parsed.data.message);
}
