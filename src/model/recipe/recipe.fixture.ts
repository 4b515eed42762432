import { createHash } from 'node:crypto';
import { extractUnifiedDiffs } from '../../change-set/extract-diffs.ts';
import { parseDiff } from '../../change-set/parse-diff.ts';
import { parseEditBlocks } from '../../change-set/parse-edit-blocks.ts';
import { buildContext } from '../../context/build.ts';
import { loadGrammarFromPackages } from '../../context/grammars.ts';
import { fakeObjects, type MemoryFiles } from '../../context/memory-objects.fixture.ts';
import type { RepositoryContext } from '../../domain/context.ts';
import type { Rewrite } from '../../ports/rewriter.ts';
import type { DesignInput } from '../roles.ts';

export const parsers = { parseEditBlocks, extractUnifiedDiffs, parseDiff };
export const noRewrite: Rewrite = async () => ({ kind: 'faulty', faults: ['There are no files here to rewrite.'] });
export const hash = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex');

export const API: MemoryFiles = {
  'package.json': JSON.stringify({ name: '@octo/api', main: 'src/index.ts' }),
  'package-lock.json': '{}',
  'src/index.ts': "export { fetchOnce } from './client.ts';\n",
  'src/client.ts': "import { delayOf } from './delay.ts';\nexport function fetchOnce(): number {\n  return delayOf('1');\n}\n",
  'src/delay.ts': 'export const delayOf = (header: string): number => 200;\n',
  'test/delay.test.ts': "import { delayOf } from '../src/delay.ts';\n",
  '.github/workflows/ci.yml': 'on: push\n',
  'src/[id].ts': 'export const page = 1;\n',
};
export const WEB: MemoryFiles = {
  'package.json': JSON.stringify({ name: 'web', dependencies: { '@octo/api': '1' } }),
  'src/notice.ts': "import { fetchOnce } from '@octo/api';\nexport const notice = () => `busy ${fetchOnce()}`;\n",
};

/** The context of `octo/api` (primary) and, when asked for, `octo/web`. */
export async function contextOf(repos: Readonly<Record<string, MemoryFiles>> = { 'octo/api': API, 'octo/web': WEB }): Promise<RepositoryContext> {
  const entries = Object.entries(repos).map(([repo, files], index) => ({ repo, role: index === 0 ? ('primary' as const) : ('secondary' as const), objects: fakeObjects(files) }));
  return buildContext(
    { repos: entries.map(({ repo, role, objects }) => ({ repo, role, objects, commit: objects.commit, tree: objects.tree })), query: 'delay', budgetBytes: 50_000 },
    { loadGrammar: loadGrammarFromPackages, hash },
  );
}

export function designInput(context: RepositoryContext, body: string, over: Partial<DesignInput> = {}): DesignInput {
  return {
    workflow: 'wf-20261122-k3v9q2',
    issue: { title: 'Retry-After is ignored', body, repo: 'octo/api', number: 1, url: 'https://github.com/octo/api/issues/1' },
    issueRevision: 'a'.repeat(64),
    answers: [],
    unanswered: [],
    context,
    contextHash: context.contextHash,
    repos: context.repos.map(({ repo, role, commit, tree }) => ({ repo, role, baseBranch: 'main', baseCommit: commit, baseTree: tree })),
    hash,
    frozen: (_repo, path) => (path.startsWith('.github/') ? 'ci-files' : null),
    review: { decision: () => [], design: () => [], plan: () => [] },
    rewrite: noRewrite,
    ...over,
  };
}

export const block = (path: string, search: string, replace: string, attributes = ''): string =>
  ['```search/replace path=' + path + (attributes === '' ? '' : ` ${attributes}`), '<<<<<<< SEARCH', search, '=======', replace, '>>>>>>> REPLACE', '```'].join('\n');

export const GOOD_ISSUE = [
  'The client waits 200 ms although the service says how long to wait.',
  '', '## Repositories', '', '- octo/api', '- octo/web',
  '', '## Acceptance criteria', '',
  '- [ ] When a header is given, `delayOf` gives its seconds.',
  '- [ ] The notice names the seconds.',
  '', '## Non-goals', '', '- Dates in the header',
  '', '## The change', '',
  block('src/delay.ts', 'export const delayOf = (header: string): number => 200;', 'export const delayOf = (header: string): number => Number(header);', 'repo=octo/api task=T1'),
  '',
  block('src/notice.ts', 'export const notice = () => `busy ${fetchOnce()}`;', 'export const notice = () => `busy for ${fetchOnce()} s`;', 'repo=octo/web'),
  '',
  '```diff repo=octo/api',
  'diff --git a/docs/delay.md b/docs/delay.md', 'new file mode 100644', '--- /dev/null', '+++ b/docs/delay.md', '@@ -0,0 +1 @@', '+The delay is in seconds.',
  '```', '',
].join('\n');
