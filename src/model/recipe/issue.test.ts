import { describe, expect, test } from 'vitest';
import { block } from './recipe.fixture.ts';
import { readIssue } from './issue.ts';

const CHANGE = block('src/a.ts', 'a', 'b');
const read = (body: string) => readIssue('Slow', body);

describe('acceptance is found as people write it', () => {
  test.each<[string, string, readonly string[]]>([
    ['under an underlined heading', 'Problem\n=======\n\nIt is slow.\n\nAcceptance criteria\n-------------------\n\n* [ ] fast\n* [x] small\n', ['fast', 'small']],
    ['below parts of it, all underlined', 'Problem\n=======\n\nIt is slow.\n\nAcceptance criteria\n===================\n\nBackend\n-------\n- fast\n\nFrontend\n--------\n- small\n\nNotes\n=====\n- a note\n', ['fast', 'small']],
    ['underlined below one that begins with #', 'It is slow.\n\n# Acceptance criteria\n\nBackend\n-------\n- fast\n- small\n\n## Out of scope\n- loud\n', ['fast', 'small']],
    ['and not in an underlined part of the same order', 'It is slow.\n\n## Acceptance criteria\n\n- fast\n- small\n\nNotes\n-----\n- a note\n', ['fast', 'small']],
    ['under a heading right below prose', 'It is slow.\nAcceptance criteria\n---\n- fast\n- small\n', ['fast', 'small']],
    ['in an issue form', '### Problem\n\nIt is slow.\n\n### Acceptance criteria\n\n- [ ] fast\n- [X] small\n\n### Code of conduct\n\n- [X] I agree to follow it', ['fast', 'small']],
    ['as a numbered task list', 'It is slow.\n\n1. [ ] fast\n2) [x] small\n', ['fast', 'small']],
    ['with other bullets, tabs and boxes', 'It is slow.\n\n* [ ] fast\n+ [x] small\n-\t[ ]\tquiet\n- [] cheap\n', ['fast', 'small', 'quiet', 'cheap']],
    ['with CRLF', 'It is slow.\r\n\r\n## Acceptance Criteria:\r\n\r\n- [ ] fast\r\n- [ ] small\r\n', ['fast', 'small']],
    ['under a bold line', '**Problem**\n\nIt is slow.\n\n**Acceptance criteria**\n\n- fast\n- small\n', ['fast', 'small']],
    ['under a plain line with a colon', 'It is slow.\n\nAcceptance criteria:\n- fast\n- small\n', ['fast', 'small']],
    ['under a decorated heading', 'It is slow.\n\n## ✅ 3. Acceptance criteria (must have)\n\n- fast\n- small\n', ['fast', 'small']],
    ['in parts of its own', 'It is slow.\n\n## Acceptance criteria\n\n### Backend\n\n- fast\n\n### Frontend\n\n- small\n', ['fast', 'small']],
    ['in a table', 'It is slow.\n\n## Acceptance criteria\n\n| # | criterion |\n|---|:--|\n| 1 | It is fast |\n| 2 | It is small |\n', ['It is fast', 'It is small']],
    ['as what is expected, where nothing else is said', '### Describe the bug\n\nIt is slow.\n\n### Expected behavior\n\nIt is fast.\n', ['It is fast.']],
    ['in lists below lists', 'It is slow.\n\n## Acceptance criteria\n\n- Backend\n  - [ ] fast\n  - [ ] small\n- Frontend:\n\t- quiet\n- The page says\n  - how long.\n  - why\n- The change:\n', ['fast', 'small', 'quiet', 'The page says: how long; why']],
    ['in boxes below a box', 'It is slow.\n\n- [ ] It is fast\n  - [ ] for one\n  - [ ] for two\n', ['It is fast', 'for one', 'for two']],
    ['as scenarios', 'It is slow.\n\n## Acceptance criteria\n\nScenario: one\n  Given a page\n  And a reader\n  When it opens\n  Then it is fast\n\nScenario: two\nGiven a list\nWhen it opens\nThen it is small\n', ['Given a page and a reader, when it opens, then it is fast', 'Given a list, when it opens, then it is small']],
    ['as Gherkin in a fence', 'It is slow.\n\n## Acceptance criteria\n\n```gherkin\nFeature: speed\n  # note\n  Scenario: one\n    Given a page\n    When it opens\n    Then it is fast\n```\n', ['Given a page, when it opens, then it is fast']],
    ['in German', 'It is slow.\n\n### Fertig, wenn\n\n* es schnell ist\n\n### Nicht-Ziele\n\n* Farben\n', ['es schnell ist']],
  ])('%s', (_name, body, expected) => {
    const issue = read(body);
    expect(issue.acceptance).toEqual(expected);
    expect(issue.problem).toContain('It is slow.');
    expect(issue.problem).not.toMatch(/cceptance|agree/);
  });

  test.each<[string, string]>([
    ['an empty field of a form, whatever else is ticked', '### Problem\n\nIt is slow.\n\n### Acceptance criteria\n\n_No response_\n\n### Other\n\n- [X] any box\n'],
    ['promises that a form asks for', 'It is slow.\n\n- [x] I have searched the existing issues\n- [x] I agree to the terms\n\n### Checklist\n\n- [x] Tests were run\n'],
    ['what a reply quotes', 'It is slow.\n\n> - [ ] theirs\n'],
    ['a comment of the template', 'It is slow. <!-- - [ ] inline -->\n\n<!--\n## Acceptance criteria\n- [ ] of the template\n-->\n'],
    ['an example in a fence', 'It is slow.\n\n````md\n## Acceptance criteria\n- [ ] of the example\n```\nnested\n```\n````\n'],
  ])('%s is none', (_name, body) => {
    expect(read(body)).toMatchObject({ problem: 'It is slow.', acceptance: [] });
  });
});

test('a rule under a list or after a blank line is no heading', () => {
  expect(read('It is slow.\n\n---\n\n- [ ] fast\n---\nAnd loud.\n')).toMatchObject({ problem: 'It is slow.\nAnd loud.', acceptance: ['fast'] });
});

test('a quotation is the problem only where nothing else is said', () => {
  expect(read('> It is slow.\n\n_No response_\n\n- [ ] fast').problem).toBe('It is slow.');
  expect(read('> theirs\n\nmine').problem).toBe('mine');
});

test('a change is read from a tilde fence and with CRLF, not from a quotation, a comment or an example', () => {
  expect(read(CHANGE.replaceAll('```', '~~~')).changes).toHaveLength(1);
  expect(read(`It.\r\n\r\n${CHANGE.replaceAll('\n', '\r\n')}`).changes).toHaveLength(1);
  for (const body of [CHANGE.replaceAll(/^/gm, '> '), `<!--\n${CHANGE}\n-->`, `\`\`\`\`md\n${CHANGE}\n\`\`\`\``]) expect(read(body).changes, body).toEqual([]);
});

test.each<[string, string, RegExp]>([
  ['in HTML without a blank line', `<details><summary>The patch</summary>\n${CHANGE}\n</details>`, /^The fence at line 4 stands right below HTML.*blank line/],
  ['a diff without a fence', 'diff --git a/src/a.ts b/src/a.ts\n--- a/src/a.ts\n+++ b/src/a.ts\n@@ -1 +1 @@\n-a\n+b', /^Line 3 begins a change outside a fence/],
  ['blocks without a fence', 'src/a.ts\n<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE', /^Line 4 begins a change outside a fence/],
])('a change that Markdown does not show is said with its line: %s', (_name, change, sentence) => {
  expect(read(`It is slow.\n\n${change}`).changes.flatMap(({ lost }) => lost ?? [])).toEqual([expect.stringMatching(sentence)]);
  expect(read(`It is slow.\n\n<!--\n${change}\n-->`).changes).toEqual([]);
});

test('a change in details with blank lines is one', () => {
  expect(read(`<details>\n<summary>The patch</summary>\n\n${CHANGE}\n\n</details>`).changes.map(({ lost }) => lost)).toEqual([undefined]);
});
