import { expect, test } from 'vitest';
import { documentOf } from '../../tests/scenarios/support/model-server.ts';
import { completeDocument } from './model-document.ts';
import { contextOf } from './recipe/recipe.fixture.ts';

const context = await contextOf();
const PLACE = { repo: 'octo/api', path: 'src/client.ts' };
const LINES = 4;
const envelope = { schemaVersion: 1, workflow: 'wf-20261122-k3v9q2', stage: 'decision', author: 'test/m', inputHashes: ['a'.repeat(64)], contextHash: context.contextHash } as const;
const complete = (change: object) => completeDocument('decision', { ...documentOf('triage', PLACE), ...change }, { envelope, context });
const citing = (over: object) => complete({ cites: [{ id: 'E1', ...PLACE, lines: [1, 1], ...over }] });

test('what is cited is pinned: the commit and the blob come from the context', () => {
  expect(citing({})).toMatchObject({ kind: 'accepted', value: { evidence: [{ ...PLACE, lines: [1, 1], commit: context.repos[0]?.commit, blob: expect.stringMatching(/^[0-9a-f]{40}$/) }] } });
  expect(citing({ lines: null })).toMatchObject({ kind: 'accepted' });
  expect(citing({ lines: [LINES, LINES] })).toMatchObject({ kind: 'accepted' });
});

test.each<[string, object, string]>([
  ['a file that is not there', { path: 'src/invented.ts' }, 'src/invented.ts is not in the pinned tree of octo/api.'],
  ['a file that is elsewhere', { path: 'lib/client.ts' }, 'lib/client.ts is not in the pinned tree of octo/api. There is src/client.ts'],
  ["another repository's file", { repo: 'octo/web' }, 'src/client.ts is not in the pinned tree of octo/web.'],
  ['a repository of nobody', { repo: 'evil/repo' }, "evil/repo is not one of this workflow's repositories (octo/api, octo/web)."],
  ['a folder', { path: 'src' }, 'src is not in the pinned tree of octo/api.'],
  ['a path out of the tree', { path: '../src/client.ts' }, '../src/client.ts is not in the pinned tree of octo/api.'],
  ['a line behind the last', { lines: [1, LINES + 1] }, `src/client.ts has no lines 1 to ${LINES + 1}; it has ${LINES}.`],
  ['lines from behind', { lines: [2, 1] }, `src/client.ts has no lines 2 to 1; it has ${LINES}.`],
])('%s cannot be cited, and what is wrong is said', (_name, over, why) => {
  expect(citing(over)).toMatchObject({ kind: 'faulty', problems: [expect.stringContaining(`cites E1: ${why}`)] });
});

test.each([
  ['half a character', { reasons: [{ text: 'x \uD800', evidenceIds: [] }] }, /\$\.reasons\[0\]\.text: a string holds half of a surrogate pair/],
  ['NUL', { deferUntil: '\u0000' }, /NUL/],
  ['a number that is none', { risk: Number.POSITIVE_INFINITY }, /Not acceptable JSON/],
  ['a deep value', { risk: JSON.parse(`${'['.repeat(200)}${']'.repeat(200)}`) as unknown }, /Not acceptable JSON/],
])('%s is a fault that the model is told, and no crash', (_name, change, problem) => {
  expect(complete(change)).toMatchObject({ kind: 'faulty', problems: [expect.stringMatching(problem)] });
});

test('what facts decide is never the model’s, whatever it writes', () => {
  const forged = { workflow: 'wf-20200101-aaaaaa', author: 'recipe', contextHash: 'f'.repeat(64), inputHashes: [], stage: 'plan', evidence: [{ id: 'E1' }], schemaVersion: 9 };
  expect(complete(forged)).toMatchObject({ kind: 'accepted', value: { ...envelope, evidence: [{ commit: context.repos[0]?.commit }] } });
});
