// createCommitOnBranch: one commit on a branch if its head still is the expected one, signed by GitHub.
import { z } from 'zod';
import type { LocalRepo } from '../../contract.ts';
import { causeOf, emitPush } from '../events.ts';
import { parseCommit, serializeCommit, withSignature } from '../git/object-format.ts';
import { editTree } from '../git/tree-edit.ts';
import type { TreeChange } from '../git/tree-edit.ts';
import type { GitStore } from '../git/git-store.ts';
import { assertMay } from '../permissions.ts';
import { GITHUB_PERSON, personOf } from '../rest/git-data.ts';
import { assertWorkflowsUntouched } from '../workflow-files.ts';
import { findRepo } from '../world.ts';
import type { Call } from '../world.ts';
import { TypedError } from './errors.ts';
import { objectSource, refSource } from './objects.ts';

const input = z.object({
  branch: z.object({ id: z.string().nullish(), branchName: z.string().nullish(), repositoryNameWithOwner: z.string().nullish() }),
  clientMutationId: z.string().nullish(),
  expectedHeadOid: z.string().regex(/^[0-9a-f]{40}$/),
  fileChanges: z.object({ additions: z.array(z.object({ path: z.string(), contents: z.string() })).default([]), deletions: z.array(z.object({ path: z.string() })).default([]) }).nullish(),
  message: z.object({ headline: z.string(), body: z.string().nullish() }),
});
type Input = z.infer<typeof input>;

/** The branch by name, or by the id that a `Ref` was given. */
function branchOf(call: Call, given: Input['branch']): { repo: LocalRepo; ref: string } {
  const byId = given.id === null || given.id === undefined ? null : /^(\S+) refs\/heads\/(.+)$/.exec(Buffer.from(given.id.replace(/^REF_/, ''), 'base64url').toString('utf8'));
  const name = byId?.[1] ?? given.repositoryNameWithOwner ?? '';
  const branch = byId?.[2] ?? (given.branchName ?? '').replace(/^refs\/heads\//, '');
  const repo = findRepo(call.world.state, name);
  if (repo === null) throw new TypedError('NOT_FOUND', `Could not resolve to a Repository with the name '${name}'.`);
  return { repo, ref: `refs/heads/${branch}` };
}

async function changesOf(store: GitStore, files: NonNullable<Input['fileChanges']>): Promise<TreeChange[]> {
  const changes: TreeChange[] = files.deletions.map(({ path }) => ({ path, mode: '100644', oid: null }));
  for (const { path, contents } of files.additions) {
    if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(contents)) throw new TypedError('UNPROCESSABLE', `The contents of ${path} are not base64.`);
    changes.push({ path, mode: '100644', oid: await store.write('blob', Buffer.from(contents, 'base64')) });
  }
  return changes;
}

async function writeCommit(call: Call, store: GitStore, wanted: Input): Promise<string> {
  const head = await store.read(wanted.expectedHeadOid, 'commit');
  const changes = await changesOf(store, wanted.fileChanges ?? { additions: [], deletions: [] });
  const tree = await editTree(store, head === null ? null : parseCommit(head.bytes).tree, changes);
  if (tree.kind === 'refused') throw new TypedError('UNPROCESSABLE', tree.reason === 'GitRPC::BadObjectState' ? `A path was requested for deletion which does not exist as of commit oid \`${wanted.expectedHeadOid}\`` : tree.reason);
  const author = personOf(call);
  const body = wanted.message.body ?? '';
  const message = body === '' ? wanted.message.headline : `${wanted.message.headline}\n\n${body}`;
  const payload = serializeCommit({ tree: tree.oid, parents: [wanted.expectedHeadOid], author, committer: { ...author, ...GITHUB_PERSON }, message });
  return await store.write('commit', Buffer.from(withSignature(payload, call.world.signer.sign(payload)), 'utf8'));
}

export async function createCommitOnBranch(call: Call, given: unknown): Promise<Record<string, unknown>> {
  const wanted = input.parse(given);
  const { repo, ref } = branchOf(call, wanted.branch);
  assertMay(call.token, repo, { permission: 'contents', level: 'write' });
  const store = call.world.store(repo.name);
  const oid = await store.exclusively(async () => {
    const head = await store.readRef(ref);
    if (head === null) throw new TypedError('NOT_FOUND', `Could not resolve to a branch named ${ref.slice('refs/heads/'.length)}.`);
    const stale = new TypedError('STALE_DATA', `Expected branch to point to "${wanted.expectedHeadOid}" but it did not. Pull and try again.`);
    if (head !== wanted.expectedHeadOid) throw stale;
    const commit = await writeCommit(call, store, wanted);
    const [owner = '', name = ''] = repo.name.split('/');
    await assertWorkflowsUntouched({ ...call, params: { owner, repo: name } }, { before: head, after: commit });
    if (!(await store.moveRef(ref, commit, head))) throw stale;
    emitPush(call.world, repo, causeOf(call.token), { ref, before: head, after: commit });
    return commit;
  });
  return { clientMutationId: wanted.clientMutationId ?? null, commit: () => objectSource(call, repo, oid), ref: () => refSource(call, repo, ref) };
}
