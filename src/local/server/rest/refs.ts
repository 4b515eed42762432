import { z } from 'zod';
import { causeOf, emitPush } from '../events.ts';
import { isRefName } from '../git/ref-name.ts';
import type { Ref } from '../git/refs.ts';
import { invalid, noContent, notFound, ok } from '../reply.ts';
import { assertWorkflowsUntouched } from '../workflow-files.ts';
import type { Handlers } from '../routes.ts';
import { apiUrl } from '../view/repos.ts';
import { nodeId } from '../view/users.ts';
import { param, repoOf, storeOf } from '../world.ts';
import type { Call } from '../world.ts';

const oid = z.string().regex(/^[0-9a-f]{40}$/);
const newRef = z.object({ ref: z.string(), sha: oid });
const refPatch = z.object({ sha: oid, force: z.boolean().default(false) });

async function refView(call: Call, ref: Ref): Promise<Record<string, unknown>> {
  const api = apiUrl(call.world, repoOf(call));
  const object = await storeOf(call).read(ref.oid);
  const type = object?.type ?? 'commit';
  return { ref: ref.name, node_id: nodeId('REF', ref.name), url: `${api}/git/${ref.name}`, object: { sha: ref.oid, type, url: `${api}/git/${type}s/${ref.oid}` } };
}

function create(call: Call): Promise<Ref> {
  const { ref, sha } = newRef.parse(call.body);
  if (!isRefName(ref)) throw invalid('Reference name must start with \'refs\' and have at least two slashes.');
  const store = storeOf(call);
  return store.exclusively(async () => {
    if ((await store.read(sha)) === null) throw invalid('Object does not exist');
    if ((await store.readRef(ref)) !== null) throw invalid('Reference already exists');
    await assertWorkflowsUntouched(call, { before: null, after: sha });
    if (!(await store.moveRef(ref, sha, null))) throw invalid('Reference update failed');
    emitPush(call.world, repoOf(call), causeOf(call.token), { ref, before: null, after: sha });
    return { name: ref, oid: sha };
  });
}

function update(call: Call): Promise<Ref> {
  const { sha, force } = refPatch.parse(call.body);
  const name = `refs/${param(call, 'ref')}`;
  const store = storeOf(call);
  return store.exclusively(async () => {
    const before = await store.readRef(name);
    if (before === null) throw invalid('Reference does not exist');
    if ((await store.read(sha)) === null) throw invalid('Object does not exist');
    if (!force && !(await store.isAncestor(before, sha))) throw invalid('Update is not a fast forward');
    await assertWorkflowsUntouched(call, { before, after: sha });
    if (!(await store.moveRef(name, sha, before))) throw invalid('Reference cannot be updated');
    if (before !== sha) emitPush(call.world, repoOf(call), causeOf(call.token), { ref: name, before, after: sha });
    return { name, oid: sha };
  });
}

function remove(call: Call): Promise<void> {
  const name = `refs/${param(call, 'ref')}`;
  const store = storeOf(call);
  return store.exclusively(async () => {
    const before = await store.readRef(name);
    if (before === null) throw invalid('Reference does not exist');
    await store.moveRef(name, null, before);
    emitPush(call.world, repoOf(call), causeOf(call.token), { ref: name, before, after: null });
  });
}

export const refHandlers: Handlers = {
  'git/get-ref': async (call) => {
    const name = `refs/${param(call, 'ref')}`;
    const found = await storeOf(call).readRef(name);
    if (found === null) throw notFound();
    return ok(await refView(call, { name, oid: found }));
  },
  'git/list-matching-refs': async (call) => {
    const refs = await storeOf(call).listRefs(`refs/${param(call, 'ref')}`);
    return ok(await Promise.all(refs.map((ref) => refView(call, ref))));
  },
  'git/create-ref': async (call) => ok(await refView(call, await create(call)), 201),
  'git/update-ref': async (call) => ok(await refView(call, await update(call))),
  'git/delete-ref': async (call) => {
    await remove(call);
    return noContent();
  },
};
