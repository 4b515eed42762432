import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parsedJobs } from './ci.ts';
import { plainJobs } from './plain-jobs.ts';

const WORKFLOW = `---
# checks of every push
name: CI
on:
  push:
    branches: [main, 'v*', "release 1"]
  pull_request: {}
env:
  A: "x # no comment" # a comment
permissions: {}
jobs:
  lint:
    runs-on: ubuntu-latest
    steps:
    - uses: actions/checkout@v4 # v4.2
      with:
        path: ~/.cache
    - run: |
        name: not a key

        # not a comment
         exit 1
  test:
    name: Tests of \${{ matrix.os }} # each
    strategy:
      matrix:
        os:
          - linux
          - windows 2022
    steps:
      - name: 'a: b'
        run: >-
          x
  empty:
  last:
    name: "café 🔒"
`;

test('a workflow as people write them is read without the parser', async () => {
  expect(plainJobs(WORKFLOW)).toEqual(['lint', 'Tests of ${{ matrix.os }}', 'empty', 'café 🔒']);
  expect(await parsedJobs('workflow', WORKFLOW)).toEqual(plainJobs(WORKFLOW));
});

test.each(['', 'jobs:', 'jobs: {}', 'a: &b x\njobs: {a: *b}', 'jobs:\n  a:\n  a:\n', 'jobs:\n\ta: 1', 'jobs:\n  a:\n    name: "x\\n"', 'jobs:\n  - a:\n      name: x', 'jobs:\n  a: x\n    y', 'jobs:\n  a:\n    name: |\n      x', 'jobs:\n  a:\n    name: 12', 'jobs:\n  a: b: c', 'jobs:\n  a:\n---\njobs:\n  b:\n', 'on: "a\njobs:\n  b:\n  c"', 'on: {\njobs:\n  b: 1\n}', 'jobs:\n  null:\n', 'jobs: # x\n  a:\n', 'jobs:\n  a: &x\n    if: 1\n', 'jobs:\n  a:\n    <<: *x\n', 'jobs:\n  a:\n    name: x\n      y\n', 'jobs:\n  a:\n    name: x\n    name: y\n'])('leaves to the parser what is not plain: %j', (text) => {
  expect(plainJobs(text)).toBe(null);
});

const PIECES = ['jobs:', 'on: push', 'a:', 'b:', 'name: x', 'name: Unit tests', "name: 'q'", 'name: ""', 'name: true', 'name: a#b # c', 'name: [x, y]', 'name: a: b', 'run: |', 'run: >-', '- a', '- a: b', '- name: x', '-', '- - a', '# c', '', 'text', 'a: {}', 'k: "x" # y', "k: 'a'b'", 'k: ~/x', 'k: -x', 'null: x', 'k: [a b, "c"]', 'k: [a,, b]', 'k: *x', 'k: é', '---', 'a : b', "'a': b"];
const line = fc.tuple(fc.constantFrom(0, 0, 2, 2, 4, 4, 6, 8, 1), fc.constantFrom(...PIECES)).map(([indent, piece]) => ' '.repeat(indent) + piece);
/** A real one with some lines changed, moved or gone. */
const changed = fc.array(fc.tuple(fc.nat(60), fc.nat(2), line), { minLength: 1, maxLength: 4 }).map((edits) => {
  const lines = WORKFLOW.split('\n');
  for (const [at, gone, put] of edits) lines.splice(at, gone, put);
  return lines.join('\n');
});
const soup = fc.array(line, { maxLength: 12 }).map((lines) => ['jobs:', ...lines].join('\n'));

test('says what the parser says of YAML, or nothing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(changed, soup), async (text) => {
      const [plain, parsed] = [plainJobs(text), await parsedJobs('workflow', text)];
      if (plain !== null && parsed !== null) expect(plain).toEqual(parsed);
    }),
    { numRuns: 500 },
  );
});

test('reads a long text in time that grows with it', () => {
  for (const piece of [' ', '- ', 'a: ', '[', '#', ' #', "'", 'a, ']) expect(() => plainJobs(`jobs:\n  a:\n    k: [${piece.repeat(100_000)}\n`)).not.toThrow();
});
