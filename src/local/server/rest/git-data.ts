// The Git Data API: blobs, trees and commits.
import { z } from 'zod';
import type { GitStore } from '../git/git-store.ts';
import { parseCommit, parseTree, serializeCommit, withSignature } from '../git/object-format.ts';
import type { Person } from '../git/object-format.ts';
import { editTree } from '../git/tree-edit.ts';
import type { TreeChange } from '../git/tree-edit.ts';
import { Refusal, invalid, notFound, ok } from '../reply.ts';
import type { Handlers } from '../routes.ts';
import { gitCommitView } from '../view/commits.ts';
import type { CommitRecord } from '../view/commits.ts';
import { apiUrl } from '../view/repos.ts';
import { nodeId } from '../view/users.ts';
import { actorOf, param, repoOf, storeOf } from '../world.ts';
import type { Call } from '../world.ts';

const oid = z.string().regex(/^[0-9a-f]{40}$/);
const newBlob = z.object({ content: z.string(), encoding: z.string().default('utf-8') });
const treeItem = z.object({
  path: z.string().min(1), mode: z.enum(['100644', '100755', '040000', '160000', '120000']).default('100644'), type: z.enum(['blob', 'tree', 'commit']).optional(), sha: oid.nullish(), content: z.string().optional(),
});
const newTree = z.object({ base_tree: oid.optional(), tree: z.array(treeItem) });
const person = z.object({ name: z.string(), email: z.string(), date: z.string().optional() });
const newCommit = z.object({ message: z.string(), tree: oid, parents: z.array(oid).default([]), author: person.optional(), committer: person.optional(), signature: z.string().optional() });
const BLOB_BYTES_MAX = 40 * 1024 * 1024;
const TREE_ENTRIES_MAX = 100_000;

async function createBlob(call: Call): Promise<string> {
  const input = newBlob.parse(call.body);
  if (input.encoding !== 'utf-8' && input.encoding !== 'base64') throw invalid('encoding must be one of utf-8, base64.');
  const bytes = Buffer.from(input.content, input.encoding);
  if (bytes.length > BLOB_BYTES_MAX) throw new Refusal(422, 'Blob is too large: its size must not exceed 40 MB.');
  return await storeOf(call).write('blob', bytes);
}

async function getBlob(call: Call): Promise<Record<string, unknown>> {
  const blob = await storeOf(call).read(param(call, 'file_sha'), 'blob');
  if (blob === null) throw notFound();
  const { oid: sha, bytes } = blob;
  return { sha, node_id: nodeId('B', sha), size: bytes.length, url: `${apiUrl(call.world, repoOf(call))}/git/blobs/${sha}`, content: bytes.toString('base64').replaceAll(/.{60}/g, '$&\n'), encoding: 'base64' };
}

async function changesOf(store: GitStore, items: readonly z.infer<typeof treeItem>[]): Promise<TreeChange[]> {
  const changes: TreeChange[] = [];
  for (const item of items) {
    if (item.content !== undefined && item.sha !== undefined) throw invalid('tree.sha and tree.content are mutually exclusive');
    if (item.content === undefined && item.sha === undefined) throw invalid('Must supply either tree.sha or tree.content');
    const sha = item.content === undefined ? (item.sha ?? null) : await store.write('blob', Buffer.from(item.content, 'utf8'));
    const type = item.mode === '040000' ? 'tree' : 'blob';
    if (sha !== null && item.mode !== '160000' && (await store.read(sha, type)) === null) throw invalid(`tree.sha ${sha} is not a valid ${type}`);
    changes.push({ path: item.path, mode: item.mode, oid: sha });
  }
  return changes;
}

async function createTree(call: Call): Promise<string> {
  const input = newTree.parse(call.body);
  const store = storeOf(call);
  if (input.tree.length === 0 && input.base_tree === undefined) throw invalid('Invalid tree info');
  const base = input.base_tree === undefined ? null : await store.read(input.base_tree);
  const baseTree = base?.type === 'commit' ? parseCommit(base.bytes).tree : (base?.oid ?? null);
  if (input.base_tree !== undefined && base === null) throw invalid('base_tree is not a valid tree oid');
  const result = await editTree(store, baseTree, await changesOf(store, input.tree));
  if (result.kind === 'refused') throw invalid(result.reason);
  return result.oid;
}

async function treeView(call: Call, sha: string, recursive: boolean): Promise<Record<string, unknown>> {
  const store = storeOf(call);
  const root = await store.resolve(sha);
  const tree = root?.type === 'commit' ? await store.read(parseCommit(root.bytes).tree, 'tree') : root;
  if (tree === null || tree.type !== 'tree') throw notFound();
  const api = apiUrl(call.world, repoOf(call));
  const entries: Record<string, unknown>[] = [];
  const walk = async (bytes: Buffer, prefix: string): Promise<void> => {
    for (const item of parseTree(bytes)) {
      const path = prefix + Buffer.from(item.name, 'latin1').toString('utf8');
      const mode = item.mode.padStart(6, '0');
      const type = mode === '040000' ? 'tree' : mode === '160000' ? 'commit' : 'blob';
      const child = type === 'commit' || (type === 'blob' && entries.length >= TREE_ENTRIES_MAX) ? null : await store.read(item.oid);
      const kind = type === 'tree' ? 'trees' : 'blobs';
      entries.push({ path, mode, type, sha: item.oid, ...(type === 'blob' ? { size: child?.bytes.length ?? 0 } : {}), ...(type === 'commit' ? {} : { url: `${api}/git/${kind}/${item.oid}` }) });
      if (recursive && type === 'tree' && child !== null && entries.length < TREE_ENTRIES_MAX) await walk(child.bytes, `${path}/`);
    }
  };
  await walk(tree.bytes, '');
  return { sha: tree.oid, url: `${api}/git/trees/${tree.oid}`, tree: entries.slice(0, TREE_ENTRIES_MAX), truncated: entries.length > TREE_ENTRIES_MAX };
}

/** The bot or person behind the token, as GitHub writes them into commits. */
export function personOf(call: Pick<Call, 'world' | 'token'>): Person {
  const user = actorOf(call);
  return { name: user.login, email: `${user.id}+${user.login}@users.noreply.github.localhost`, seconds: Math.floor(Date.parse(call.world.services.now()) / 1000), zone: '+0000' };
}

export const GITHUB_PERSON = { name: 'GitHub', email: 'noreply@github.localhost' } as const;

function givenPerson(given: z.infer<typeof person>, seconds: number): Person {
  const clean = (text: string): string => text.replaceAll(/[<>\n\0]/g, '');
  return { name: clean(given.name), email: clean(given.email), seconds: given.date === undefined ? seconds : Math.floor(Date.parse(given.date) / 1000), zone: '+0000' };
}

/** GitHub signs what a bot commits under its own name; a custom author or committer leaves the commit unsigned. */
async function createCommit(call: Call): Promise<CommitRecord> {
  const input = newCommit.parse(call.body);
  const store = storeOf(call);
  if ((await store.read(input.tree, 'tree')) === null) throw invalid('Tree SHA does not exist');
  for (const parent of input.parents) if ((await store.read(parent, 'commit')) === null) throw invalid('Parent SHA does not exist or is not a commit object');
  const self = personOf(call);
  const author = input.author === undefined ? self : givenPerson(input.author, self.seconds);
  const signs = input.author === undefined && input.committer === undefined && input.signature === undefined && call.token?.kind !== 'personal';
  const committer = input.committer === undefined ? (signs ? { ...self, ...GITHUB_PERSON } : author) : givenPerson(input.committer, self.seconds);
  const payload = serializeCommit({ tree: input.tree, parents: input.parents, author, committer, message: input.message });
  const signature = signs ? call.world.signer.sign(payload) : input.signature;
  const bytes = Buffer.from(signature === undefined ? payload : withSignature(payload, signature), 'utf8');
  return { oid: await store.write('commit', bytes), commit: parseCommit(bytes) };
}

export async function readCommit(store: GitStore, sha: string): Promise<CommitRecord> {
  const found = await store.read(sha, 'commit');
  if (found === null) throw notFound();
  return { oid: found.oid, commit: parseCommit(found.bytes) };
}

export const gitDataHandlers: Handlers = {
  'git/create-blob': async (call) => {
    const sha = await createBlob(call);
    return ok({ sha, url: `${apiUrl(call.world, repoOf(call))}/git/blobs/${sha}` }, 201);
  },
  'git/get-blob': async (call) => ok(await getBlob(call)),
  'git/create-tree': async (call) => ok(await treeView(call, await createTree(call), false), 201),
  'git/get-tree': async (call) => ok(await treeView(call, param(call, 'tree_sha'), call.query.has('recursive'))),
  'git/create-commit': async (call) => ok(gitCommitView(call.world, repoOf(call), await createCommit(call)), 201),
  'git/get-commit': async (call) => ok(gitCommitView(call.world, repoOf(call), await readCommit(storeOf(call), param(call, 'commit_sha')))),
};
