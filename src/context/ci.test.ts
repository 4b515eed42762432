import { expect, test } from 'vitest';
import { packOutline, unpackOutline, emptyOutline } from './analyse/outline.ts';
import { jobsOf } from './ci.ts';
import { lensOf } from './lens.ts';

test('jobs go by the names of their checks, in the order of the file', async () => {
  expect(await jobsOf('workflow', '\uFEFFon: push\njobs:\n  lint: { runs-on: x }\n  test:\n    name: Unit tests\n    steps: []\n')).toEqual(['lint', 'Unit tests']);
  expect(await jobsOf('pipeline', 'stages: [a]\nbuild:\n  script: [make]\n.hidden:\n  script: [x]\nrules:\n  when: always\n')).toEqual(['build']);
  for (const text of ['', 'a: [', 'jobs: 1', '- a', '&a [*a]', 'a: &b x\n'.repeat(3)]) expect(await jobsOf('workflow', text)).toEqual([]);
});

test('CI files are known by their paths, and their jobs are kept with the facts of the blob', () => {
  expect(['.github/workflows/ci.yml', '.gitlab-ci.yml', '.github/workflows/deep/ci.yml', 'docs/.gitlab-ci.yml', '.github/dependabot.yml'].map(lensOf)).toEqual(['workflow', 'pipeline', 'text', 'text', 'text']);
  const outline = { ...emptyOutline('text', 3), jobs: ['lint', 'a "b"\n'] };
  expect(unpackOutline(JSON.parse(packOutline(outline)))).toEqual(outline);
  expect(() => unpackOutline(JSON.parse(packOutline(outline).replace('"lint"', '1')))).toThrow(TypeError);
});
