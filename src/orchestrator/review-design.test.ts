import { describe, expect, test } from 'vitest';
import type { Architecture, Decision, GatesDocument, Plan, Scope } from '../domain/documents.ts';
import { API, contextOf } from '../model/recipe/recipe.fixture.ts';
import { openQuestions, reviewDesign } from './review-design.ts';

const context = await contextOf({ 'octo/api': API });
const both = await contextOf();
const WORKFLOW = 'wf-20261122-k3v9q2';
const review = reviewDesign(WORKFLOW, context, (_repo, path) => (path.startsWith('.github/') ? 'ci-files' : null));

const envelope = { schemaVersion: 1, workflow: WORKFLOW, author: 'test/m', inputHashes: [], contextHash: context.contextHash, evidence: [], unknowns: [], assumptions: [] } as const;
const decision: Decision = { ...envelope, stage: 'decision', verdict: 'GO', reasons: [{ text: 'it is wrong', evidenceIds: [] }], risk: 'low', missingContext: [], duplicates: [], deferUntil: null };
const architecture: Architecture = { ...envelope, stage: 'architecture', components: [{ id: 'C1', repo: 'octo/api', paths: ['src'], role: 'client' }], interfaces: [], decisions: [], invariants: [], crossRepoOrder: ['octo/api'], risks: [] };
const scope: Scope = {
  ...envelope, stage: 'scope', goals: ['wait'], nonGoals: ['dates'], allowedPaths: [{ repo: 'octo/api', paths: ['src/delay.ts'] }], forbiddenPaths: [],
  acceptanceCriteria: [{ id: 'AC1', sentence: 'When asked, the client shall wait.', given: 'g', when: 'w', then: 't', verification: 'tests' }],
};
const plan: Plan = { ...envelope, stage: 'plan', tasks: [{ id: 'T1', title: 'wait', criteriaIds: ['AC1'], repo: 'octo/api', files: [{ path: 'src/delay.ts', operation: 'modify' }], dependsOn: [], verification: 'tests' }], budget: { files: 1, lines: 10 }, rollback: 'revert' };
const gates: GatesDocument = { ...envelope, stage: 'gates', gates: [0, 1, 2, 3, 4, 5].map((gate) => ({ gate: gate as 0, requires: ['something'] })) };
const withFile = (path: string, operation: 'add' | 'modify' | 'delete'): Plan => ({ ...plan, tasks: [{ ...plan.tasks[0]!, files: [{ path, operation }] }] });

test('documents that hold are not objected to', () => {
  expect([review.decision(decision), review.design({ architecture, scope }), review.plan({ scope, plan, gates })]).toEqual([[], [], []]);
});

describe('what models get wrong is said in a sentence', () => {
  test.each<[string, readonly string[], RegExp]>([
    ['evidence that is not listed', review.decision({ ...decision, reasons: [{ text: 'x', evidenceIds: ['E9'] }] }), /cites E9/],
    ['no non-goal', review.design({ architecture, scope: { ...scope, nonGoals: [] } }), /non-goal/],
    ['a criterion that nobody can test', review.design({ architecture, scope: { ...scope, acceptanceCriteria: [{ ...scope.acceptanceCriteria[0]!, sentence: 'Make it better' }] } }), /AC1 is no testable sentence/],
    ['an allowed folder', review.design({ architecture, scope: { ...scope, allowedPaths: [{ repo: 'octo/api', paths: ['src/'] }] } }), /src\/ in octo\/api, which is a folder: name its files, or write src\/\*\*/],
    ['an allowed path with a beginning that no path has', review.design({ architecture, scope: { ...scope, allowedPaths: [{ repo: 'octo/api', paths: ['./src/delay.ts'] }] } }), /Write src\/delay\.ts/],
    ['an allowed path that is not declared new', review.design({ architecture, scope: { ...scope, allowedPaths: [{ repo: 'octo/api', paths: ['src/delay.ts', 'lib/delay.ts'] }], newPaths: [] } }), /lib\/delay\.ts in octo\/api, which has no such file at the pinned commit and is not declared new: .* There is src\/delay\.ts/],
    ['a path declared new that is there', review.design({ architecture, scope: { ...scope, newPaths: scope.allowedPaths } }), /newPaths names src\/delay\.ts in octo\/api, which is there already/],
    ['a path declared new that is not allowed', review.design({ architecture, scope: { ...scope, newPaths: [{ repo: 'octo/api', paths: ['src/new.ts'] }] } }), /newPaths names src\/new\.ts in octo\/api, which is not among/],
    ['an allowed path that is neither there nor planned', review.plan({ scope: { ...scope, allowedPaths: [{ repo: 'octo/api', paths: ['src/delay.ts', 'src/waiting.ts'] }] }, plan, gates }), /src\/waiting\.ts in octo\/api, which is not there at the pinned commit, and no task adds it/],
    ['an allowed path below a forbidden glob', review.design({ architecture, scope: { ...scope, forbiddenPaths: [{ repo: 'octo/api', paths: ['src/**'] }] } }), /src\/delay\.ts in octo\/api is allowed and forbidden/],
    ['a goal in the words of a non-goal', review.design({ architecture, scope: { ...scope, goals: ['Read the dates.'], nonGoals: ['Reading dates'] } }), /goal and a non-goal/],
    ['a criterion that only sounds like one', review.design({ architecture, scope: { ...scope, acceptanceCriteria: [{ ...scope.acceptanceCriteria[0]!, sentence: 'When asked, the client shall handle it correctly.' }] } }), /AC1 says "handle it correctly"/],
    ['a criterion without an outcome', review.design({ architecture, scope: { ...scope, acceptanceCriteria: [{ ...scope.acceptanceCriteria[0]!, then: ' ' }] } }), /AC1 leaves its when or its then empty/],
    ['a component that is nowhere', review.design({ architecture: { ...architecture, components: [{ ...architecture.components[0]!, paths: ['src/engine'] }] }, scope }), /Component C1 lies in src\/engine/],
    ['an order that leaves a repository out', reviewDesign(WORKFLOW, both, () => null).design({ architecture: { ...architecture, crossRepoOrder: ['octo/web'] }, scope }), /leaves out octo\/api/],
    ['an order that names a repository twice', review.design({ architecture: { ...architecture, crossRepoOrder: ['octo/api', 'octo/api'] }, scope }), /octo\/api twice/],
    ['a frozen path in the scope', review.design({ architecture, scope: { ...scope, allowedPaths: [{ repo: 'octo/api', paths: ['.github/workflows/ci.yml'] }] } }), /scope allows .* rule ci-files/],
    ['a repository without a task', reviewDesign(WORKFLOW, both, () => null).plan({ scope, plan, gates }), /No task changes octo\/web/],
    ['an allowed path that is nowhere', review.design({ architecture, scope: { ...scope, allowedPaths: [{ repo: 'octo/api', paths: ['lib/deep/other/x.ts'] }] } }), /neither such a file nor the folder/],
    ['a path that is allowed and forbidden', review.design({ architecture, scope: { ...scope, forbiddenPaths: scope.allowedPaths } }), /allowed and forbidden/],
    ['a goal that is a non-goal', review.design({ architecture, scope: { ...scope, nonGoals: ['Wait.'] } }), /goal and a non-goal/],
    ['a repository outside the workflow', review.design({ architecture: { ...architecture, components: [{ ...architecture.components[0]!, repo: 'evil/repo' }] }, scope }), /evil\/repo/],
    ['a criterion without a task', review.plan({ scope: { ...scope, acceptanceCriteria: [...scope.acceptanceCriteria, { ...scope.acceptanceCriteria[0]!, id: 'AC2' }] }, plan, gates }), /No task serves criterion AC2/],
    ['a file that is not there', review.plan({ scope: { ...scope, allowedPaths: [{ repo: 'octo/api', paths: ['src'] }] }, plan: withFile('src/invented.ts', 'modify'), gates }), /no such file at the pinned commit/],
    ['an addition of what is there', review.plan({ scope, plan: withFile('src/delay.ts', 'add'), gates }), /already has at the pinned commit/],
    ['a file outside the scope', review.plan({ scope, plan: withFile('src/notice.ts', 'add'), gates }), /outside the scope/],
    ['a criterion without a measure', review.design({ architecture, scope: { ...scope, acceptanceCriteria: [{ ...scope.acceptanceCriteria[0]!, sentence: 'When asked, the client shall answer quickly.' }] } }), /AC1 says "quickly", which no test can tell: .* how much/],
    ['a criterion that leaves it open', review.design({ architecture, scope: { ...scope, acceptanceCriteria: [{ ...scope.acceptanceCriteria[0]!, sentence: 'When asked, the client shall retry as needed.' }] } }), /AC1 says "as needed"/],
    ['a criterion that a non-goal leaves out', review.design({ architecture, scope: { ...scope, nonGoals: ['Dates are read.'], acceptanceCriteria: [{ ...scope.acceptanceCriteria[0]!, then: 'dates are read' }] } }), /AC1 asks for what a non-goal leaves out/],
    ['an allowed path in a folder that a non-goal names', review.design({ architecture, scope: { ...scope, nonGoals: ['Nothing under src/ changes.'] } }), /scope allows src\/delay\.ts in octo\/api, which a non-goal leaves alone/],
    ['a file whose name a non-goal says', review.plan({ scope: { ...scope, nonGoals: ['No change to delay.ts.'] }, plan, gates }), /a non-goal leaves alone/],
    ['a file in a glob of a non-goal', review.plan({ scope: { ...scope, nonGoals: ['`src/**` stays'] }, plan, gates }), /a non-goal leaves alone/],
    ['a file that a non-goal names', review.plan({ scope: { ...scope, nonGoals: ['Leave `src/delay.ts` alone'] }, plan, gates }), /a non-goal leaves alone/],
    ['a frozen file', review.plan({ scope: { ...scope, allowedPaths: [{ repo: 'octo/api', paths: ['.github/**'] }] }, plan: withFile('.github/workflows/ci.yml', 'add'), gates }), /rule ci-files/],
  ])('%s', (_name, reasons, expected) => {
    expect(reasons.join('\n')).toMatch(expected);
  });

  test.each([
    'Refactoring `src/delay.ts` beyond the fix', 'Callers of src/delay.ts', 'The rest of src/ stays', 'Dates, e.g. in headers', 'Changing package.json', 'Changing the signature of `delay` in `src/delay.ts`',
    'No change to how `src/delay.ts` rounds.', 'The other functions in `src/` keep their behaviour.', 'Do not change the exported API of src/delay.ts.', 'Weitere Funktionen in `src/delay.ts` umbenennen.', 'Validation of the other methods in `src/delay.ts`', 'Performance of src/delay.ts', 'Code that is not in `src/`', 'All other files in src/ remain untouched.', 'No files other than `src/delay.ts` are modified', 'Everything outside src/delay.ts', 'Documentation',
  ])('the non-goal %j does not forbid the change', (nonGoal) => {
    expect(review.design({ architecture, scope: { ...scope, nonGoals: [nonGoal] } })).toEqual([]);
    expect(review.plan({ scope: { ...scope, nonGoals: [nonGoal] }, plan, gates })).toEqual([]);
  });

  test.each(['Changes to src/delay.ts', 'Not touching `src/delay.ts`.', '`src/delay.ts`', 'Anything under src/', 'The files in `src/` stay as they are.', 'Documentation and code (`src/**`)', 'Keine Änderungen an `src/delay.ts`.', 'No changes to src/delay.ts or docs/'])('the non-goal %j forbids the change', (nonGoal) => {
    expect(review.design({ architecture, scope: { ...scope, nonGoals: [nonGoal] } }).join()).toMatch(/a non-goal leaves alone/);
    expect(review.plan({ scope: { ...scope, nonGoals: [nonGoal] }, plan, gates }).join()).toMatch(/a non-goal leaves alone/);
  });

  test.each(['When asked, the client shall answer within 50 ms, faster than before.', 'Every answer shall carry the header `Retry-After`.', 'No request shall be sent twice.'])('%j is testable', (sentence) => {
    expect(review.design({ architecture, scope: { ...scope, acceptanceCriteria: [{ ...scope.acceptanceCriteria[0]!, sentence }] } })).toEqual([]);
  });

  test('new files and new folders beside what is there have a place', () => {
    for (const path of ['src/new.ts', 'src/new/deep.ts', 'src/new/and/deeper.ts', 'src/new/*.json', 'NEW.md', 'docs/new.md']) expect(review.design({ architecture, scope: { ...scope, allowedPaths: [{ repo: 'octo/api', paths: [path] }] } }), path).toEqual([]);
  });
});

test('what is declared new is allowed, and a component may lie there', () => {
  const wider: Scope = { ...scope, allowedPaths: [{ repo: 'octo/api', paths: ['src/delay.ts', 'fixtures/a/b/*.json', 'src/d*lay.ts'] }], newPaths: [{ repo: 'octo/api', paths: ['fixtures/a/b/1.json'] }] };
  const there = (path: string): readonly string[] => review.design({ architecture: { ...architecture, components: [{ ...architecture.components[0]!, paths: [path] }] }, scope: wider });
  for (const path of ['.', 'src', 'src/', 'src/**', './src', 'fixtures/a', 'fixtures/a/b/1.json', 'src/*.ts']) expect(there(path), path).toEqual([]);
  for (const path of ['fixtures/c', 'lib/*.ts', 'src/none.ts']) expect(there(path).join(), path).toMatch(/Component C1 lies in/);
});

test('an open question is for a person: it is not sent back, and it is asked in its own words', () => {
  const unknown = { id: 'q1', question: 'Which header?', whyItMatters: 'there are two', blocking: true, options: [], answer: null, answeredBy: null };
  expect(review.design({ architecture: { ...architecture, unknowns: [unknown] }, scope })).toEqual([]);
  expect(openQuestions({ architecture: { ...architecture, unknowns: [unknown, { ...unknown, id: 'q2', answer: 'this one' }, { ...unknown, id: 'q3', blocking: false }] }, scope })).toEqual([{ id: 'q1', question: 'Which header?' }]);
});
