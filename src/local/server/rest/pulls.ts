import { z } from 'zod';
import type { LocalIssue } from '../../contract.ts';
import { causeOf, emitPull } from '../events.ts';
import { commitsBetween, countBetween, listChanges } from '../git/changes.ts';
import type { FileChange } from '../git/changes.ts';
import { pageOf } from '../paging.ts';
import { invalid, notFound, ok, validationFailed } from '../reply.ts';
import type { Handlers } from '../routes.ts';
import { commitView } from '../view/commits.ts';
import { diffEntry } from '../view/diff-entries.ts';
import { fullPullView, pullView } from '../view/pulls.ts';
import { param, repoOf, storeOf } from '../world.ts';
import type { Call, World } from '../world.ts';
import { readCommit } from './git-data.ts';
import { nextNumber } from './issues.ts';

const newPull = z.object({ title: z.string().optional(), head: z.string(), base: z.string(), body: z.string().nullish(), draft: z.boolean().default(false) });
const pullPatch = z.object({ title: z.string().optional(), body: z.string().nullish(), state: z.enum(['open', 'closed']).optional(), base: z.string().optional() });

export type LocalPull = LocalIssue & { pull: NonNullable<LocalIssue['pull']> };
export const isPull = (issue: LocalIssue): issue is LocalPull => issue.pull !== null;

export const pullsOf = (world: World, repo: string): LocalPull[] => world.state.issues.filter((issue) => issue.repo === repo).filter(isPull);

function pullOf(call: Call): LocalPull {
  const found = pullsOf(call.world, repoOf(call).name).find((pull) => pull.number === Number(param(call, 'pull_number')));
  if (found === undefined) throw notFound();
  return found;
}

/** What a pull request changes: from the merge base of its base and head to its head. */
export async function changesOfPull(world: World, issue: LocalPull): Promise<{ base: string; head: string; changes: FileChange[]; commits: number }> {
  const store = world.store(issue.repo);
  const head = issue.pull.headSha ?? '';
  const base = (await store.mergeBase(issue.pull.baseSha, head)) ?? issue.pull.baseSha;
  return { base, head, changes: await listChanges(store, base, head), commits: await countBetween(store, base, head) };
}

async function view(call: Call, issue: LocalPull): Promise<Record<string, unknown>> {
  const { changes, commits } = await changesOfPull(call.world, issue);
  const sum = (pick: (file: FileChange) => number): number => changes.reduce((total, file) => total + pick(file), 0);
  return fullPullView(call.world, issue, { commits, additions: sum((file) => file.additions), deletions: sum((file) => file.deletions), changedFiles: changes.length });
}

async function create(call: Call): Promise<LocalPull> {
  const input = newPull.parse(call.body);
  const repo = repoOf(call);
  const store = storeOf(call);
  if (input.title === undefined || input.title.trim() === '') throw invalid('Validation Failed', [{ resource: 'PullRequest', field: 'title', code: 'missing_field' }]);
  const [owner] = repo.name.split('/');
  const headRef = input.head.startsWith(`${owner}:`) ? input.head.slice((owner ?? '').length + 1) : input.head;
  const head = await store.readRef(`refs/heads/${headRef}`);
  const base = await store.readRef(`refs/heads/${input.base}`);
  if (head === null) throw invalid('Validation Failed', [{ resource: 'PullRequest', field: 'head', code: 'invalid' }]);
  if (base === null) throw invalid('Validation Failed', [{ resource: 'PullRequest', field: 'base', code: 'invalid' }]);
  const open = pullsOf(call.world, repo.name).find((pull) => pull.state === 'open' && pull.pull.headRef === headRef && pull.pull.baseRef === input.base);
  if (open !== undefined) throw invalid('Validation Failed', [{ resource: 'PullRequest', code: 'custom', message: `A pull request already exists for ${owner}:${headRef}.` }]);
  if ((await countBetween(store, base, head)) === 0) throw invalid('Validation Failed', [{ resource: 'PullRequest', code: 'custom', message: `No commits between ${input.base} and ${headRef}` }]);
  const now = call.world.services.now();
  const issue: LocalPull = {
    repo: repo.name, number: nextNumber(call, repo.name), title: input.title, body: input.body ?? '', state: 'open', user: call.token?.login ?? 'ghost', labels: [], createdAt: now, updatedAt: now, comments: [],
    pull: { headRef, baseRef: input.base, baseSha: base, headSha: head, draft: input.draft, merged: false },
  };
  call.world.state.issues.push(issue);
  call.world.services.changed();
  emitPull(call.world, repo, causeOf(call.token), { action: 'opened', issue });
  return issue;
}

function update(call: Call): LocalPull {
  const issue = pullOf(call);
  const input = pullPatch.parse(call.body ?? {});
  if (input.base !== undefined && input.base !== issue.pull.baseRef) throw validationFailed('PullRequest', 'base', 'The local GitHub does not change the base of a pull request.');
  const action = input.state !== undefined && input.state !== issue.state ? (input.state === 'closed' ? 'closed' : 'reopened') : 'edited';
  issue.title = input.title ?? issue.title;
  if (input.body !== undefined) issue.body = input.body ?? '';
  issue.state = input.state ?? issue.state;
  issue.updatedAt = call.world.services.now();
  call.world.services.changed();
  emitPull(call.world, repoOf(call), causeOf(call.token), { action, issue });
  return issue;
}

function list(call: Call): LocalPull[] {
  const state = call.query.get('state') ?? 'open';
  const head = call.query.get('head');
  const base = call.query.get('base');
  const owner = repoOf(call).name.split('/')[0] ?? '';
  const found = pullsOf(call.world, repoOf(call).name).toSorted((a, b) => b.number - a.number);
  return found.filter((pull) => (state === 'all' || pull.state === state) && (head === null || head === `${owner}:${pull.pull.headRef}` || head === pull.pull.headRef) && (base === null || base === pull.pull.baseRef));
}

export const pullHandlers: Handlers = {
  'pulls/create': async (call) => ok(await view(call, await create(call)), 201),
  'pulls/get': async (call) => ok(await view(call, pullOf(call))),
  'pulls/update': async (call) => ok(await view(call, update(call))),
  'pulls/list': (call) => pageOf(call, list(call), (page) => page.map((pull) => pullView(call.world, pull))),
  'pulls/list-files': async (call) => {
    const { changes, head } = await changesOfPull(call.world, pullOf(call));
    return pageOf(call, changes, (page) => page.map((file) => diffEntry(call.world, repoOf(call), file, head)));
  },
  'pulls/list-commits': async (call) => {
    const { base, head } = await changesOfPull(call.world, pullOf(call));
    const records = await Promise.all((await commitsBetween(storeOf(call), base, head)).map((oid) => readCommit(storeOf(call), oid)));
    return pageOf(call, records, (page) => page.map((record) => commitView(call.world, repoOf(call), record)));
  },
};
