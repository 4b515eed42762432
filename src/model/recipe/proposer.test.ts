import { describe, expect, test } from 'vitest';
import type { ProposeInput } from '../roles.ts';
import { createRecipeDesigner } from './designer.ts';
import { createRecipeProposer } from './proposer.ts';
import { block, contextOf, designInput, GOOD_ISSUE, hash, noRewrite, parsers } from './recipe.fixture.ts';

const context = await contextOf();
const proposer = createRecipeProposer(parsers);

async function input(over: Partial<ProposeInput> = {}): Promise<ProposeInput> {
  const from = designInput(context, GOOD_ISSUE);
  const design = await createRecipeDesigner(parsers).design(from);
  if (design.kind !== 'designed' || !design.architecture || !design.scope || !design.plan || !design.gates) throw new Error('no design');
  const { decision, architecture, scope, plan, gates } = design;
  return { workflow: from.workflow, issue: from.issue, answers: [], documents: { decision, architecture, scope, plan, gates }, context, repos: ['octo/api', 'octo/web'], hash, revision: null, rewrite: noRewrite, tryOut: async () => [], ...over };
}

describe('the first proposal', () => {
  test('gives each repository its own blocks, in the order of the issue', async () => {
    const result = await proposer.propose(await input());
    if (result.kind !== 'proposed') throw new Error(result.reason);
    expect(result.proposals.map(({ repo, format, amends }) => [repo, format, amends])).toEqual([['octo/api', 'edits', false], ['octo/api', 'diff', false], ['octo/web', 'edits', false]]);
    expect(result.proposals[1]?.text).toMatch(/^diff --git a\/docs\/delay\.md .*\+The delay is in seconds\.\n$/s);
    expect(parsers.parseEditBlocks(result.proposals[0]?.text ?? '')).toMatchObject({ kind: 'parsed', edits: [{ path: 'src/delay.ts' }] });
  });

  test('a repository without a block is a question', async () => {
    const from = await input();
    expect(await proposer.propose({ ...from, issue: { ...from.issue, body: block('src/delay.ts', 'a', 'b') } })).toMatchObject({ kind: 'failed', code: 'no-change', questions: [{ id: 'q4' }] });
  });
});

describe('a revision', () => {
  const revision = (comment: string) => ({ repo: 'octo/api', previousText: 'before', comment, reasons: [], rewrite: noRewrite });

  test('takes the blocks of the comment as an amendment of that repository', async () => {
    const result = await proposer.propose(await input({ repos: ['octo/api'], revision: revision(`changes: please\n\n${block('src/delay.ts', 'a', 'b')}\n\n${block('src/x.ts', 'a', 'b', 'repo=octo/web')}`) }));
    if (result.kind !== 'proposed') throw new Error(result.reason);
    expect(result.proposals).toMatchObject([{ repo: 'octo/api', format: 'edits', amends: true }]);
    expect(result.proposals[0]?.text).not.toContain('src/x.ts');
  });

  test('without blocks it fails with the question', async () => {
    expect(await proposer.propose(await input({ revision: revision('changes: make it nicer') }))).toMatchObject({ kind: 'failed', code: 'no-change-in-comment', reason: expect.stringContaining('make it nicer') });
  });

  test('a malformed block names its line in the comment', async () => {
    expect(await proposer.propose(await input({ revision: revision('changes: so\n\n```search/replace path=a\nnonsense\n```') }))).toMatchObject({ kind: 'failed', code: 'malformed-change', reason: expect.stringMatching(/In the comment: .*[Ll]ine [345]/) });
  });
});
