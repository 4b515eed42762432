import type { LocalRepo } from '../../contract.ts';
import { parseTree } from '../git/object-format.ts';
import { pageOf } from '../paging.ts';
import { notFound, ok } from '../reply.ts';
import type { Handlers } from '../routes.ts';
import { commitView } from '../view/commits.ts';
import { apiUrl, fullRepo, htmlUrl } from '../view/repos.ts';
import { listChanges } from '../git/changes.ts';
import { diffEntry } from '../view/diff-entries.ts';
import { param, repoOf, storeOf } from '../world.ts';
import type { Call } from '../world.ts';
import { readCommit } from './git-data.ts';

const isDefault = (call: Call, branch: string): boolean => repoOf(call).defaultBranch === branch;

/** Classic branch protection as `repos/get-branch` shows it to readers. */
function protectionOf(call: Call, branch: string): Record<string, unknown> {
  const contexts = isDefault(call, branch) ? repoOf(call).protectedContexts : [];
  const level = contexts.length > 0 ? 'non_admins' : 'off';
  return { enabled: contexts.length > 0, required_status_checks: { enforcement_level: level, contexts: [...contexts], checks: contexts.map((context) => ({ context, app_id: null })) } };
}

/** Rulesets protect a branch too. */
const isProtected = (repo: LocalRepo, branch: string): boolean => repo.defaultBranch === branch && (repo.protectedContexts.length > 0 || repo.requiredChecks.length > 0);

async function branchView(call: Call): Promise<Record<string, unknown>> {
  const branch = param(call, 'branch');
  const repo = repoOf(call);
  const head = await storeOf(call).readRef(`refs/heads/${branch}`);
  if (head === null) throw notFound();
  const self = `${apiUrl(call.world, repo)}/branches/${encodeURIComponent(branch)}`;
  return {
    name: branch, commit: commitView(call.world, repo, await readCommit(storeOf(call), head)), _links: { self, html: `${htmlUrl(call.world, repo)}/tree/${branch}` },
    protected: isProtected(repo, branch), protection: protectionOf(call, branch), protection_url: `${self}/protection`,
  };
}

const RULESET_ID = 1;

function branchRules(call: Call): Record<string, unknown>[] {
  const repo = repoOf(call);
  if (!isDefault(call, param(call, 'branch')) || repo.requiredChecks.length === 0) return [];
  const checks = repo.requiredChecks.map((check) => ({ context: check.context, ...(check.integrationId === null ? {} : { integration_id: check.integrationId }) }));
  return [{ type: 'required_status_checks', parameters: { required_status_checks: checks, strict_required_status_checks_policy: false }, ruleset_source_type: 'Repository', ruleset_source: repo.name, ruleset_id: RULESET_ID }];
}

function rulesets(call: Call): Record<string, unknown>[] {
  const repo = repoOf(call);
  return repo.requiredChecks.length === 0 ? [] : [{ id: RULESET_ID, name: repo.defaultBranch, target: 'branch', source_type: 'Repository', source: repo.name, enforcement: 'active' }];
}

async function content(call: Call): Promise<unknown> {
  const repo = repoOf(call);
  const ref = call.query.get('ref') ?? repo.defaultBranch;
  const path = param(call, 'path').replaceAll(/^\/+|\/+$/g, '');
  const found = await storeOf(call).resolve(`${ref}:${path}`);
  if (found === null || (found.type !== 'blob' && found.type !== 'tree')) throw notFound();
  const links = (at: string, sha: string, kind: string): Record<string, unknown> => {
    const url = `${apiUrl(call.world, repo)}/contents/${encodeURI(at)}?ref=${encodeURIComponent(ref)}`;
    const git = `${apiUrl(call.world, repo)}/git/${kind}s/${sha}`;
    const html = `${htmlUrl(call.world, repo)}/${kind}/${ref}/${encodeURI(at)}`;
    return { url, git_url: git, html_url: html, download_url: kind === 'blob' ? `${htmlUrl(call.world, repo)}/raw/${ref}/${encodeURI(at)}` : null, _links: { self: url, git, html } };
  };
  const name = path.split('/').at(-1) ?? '';
  if (found.type === 'blob') {
    return { type: 'file', encoding: 'base64', size: found.bytes.length, name, path, content: found.bytes.toString('base64').replaceAll(/.{60}/g, '$&\n'), sha: found.oid, ...links(path, found.oid, 'blob') };
  }
  const items = parseTree(found.bytes).map(async (item) => {
    const itemName = Buffer.from(item.name, 'latin1').toString('utf8');
    const at = path === '' ? itemName : `${path}/${itemName}`;
    const isTree = item.mode === '40000';
    const size = isTree ? 0 : ((await storeOf(call).read(item.oid))?.bytes.length ?? 0);
    return { type: isTree ? 'dir' : item.mode === '120000' ? 'symlink' : item.mode === '160000' ? 'submodule' : 'file', size, name: itemName, path: at, sha: item.oid, ...links(at, item.oid, isTree ? 'tree' : 'blob') };
  });
  return await Promise.all(items);
}

async function commit(call: Call): Promise<Record<string, unknown>> {
  const repo = repoOf(call);
  const store = storeOf(call);
  const found = await store.resolve(param(call, 'ref'));
  if (found === null || found.type !== 'commit') throw notFound();
  const record = await readCommit(store, found.oid);
  const parent = record.commit.parents[0];
  const files = await listChanges(store, parent ?? '4b825dc642cb6eb9a060e54bf8d69288fbee4904', found.oid);
  const stats = { additions: files.reduce((sum, file) => sum + file.additions, 0), deletions: files.reduce((sum, file) => sum + file.deletions, 0) };
  return { ...commitView(call.world, repo, record), stats: { ...stats, total: stats.additions + stats.deletions }, files: files.map((file) => diffEntry(call.world, repo, file, found.oid)) };
}

export const repoHandlers: Handlers = {
  'repos/get': (call) => ok(fullRepo(call.world, repoOf(call))),
  'repos/get-branch': async (call) => ok(await branchView(call)),
  'repos/list-branches': async (call) => {
    const repo = repoOf(call);
    const refs = await storeOf(call).listRefs('refs/heads/');
    const views = refs.map((ref) => {
      const name = ref.name.slice('refs/heads/'.length);
      return { name, commit: { sha: ref.oid, url: `${apiUrl(call.world, repo)}/commits/${ref.oid}` }, protected: isProtected(repo, name) };
    });
    return pageOf(call, views);
  },
  'repos/get-branch-rules': (call) => pageOf(call, branchRules(call)),
  'repos/get-repo-rulesets': (call) => pageOf(call, rulesets(call)),
  'repos/get-content': async (call) => ok(await content(call)),
  'repos/get-commit': async (call) => ok(await commit(call)),
  'repos/get-pages': (call) => {
    const url = call.world.services.pagesUrl(repoOf(call).name);
    return ok({ url: `${apiUrl(call.world, repoOf(call))}/pages`, status: 'built', cname: null, custom_404: false, html_url: url, build_type: 'workflow', public: true });
  },
};
