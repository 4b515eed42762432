import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LONG_PARTS } from './long-parts.ts';
import { ROOT } from './stage.ts';

const paths = LONG_PARTS.flatMap((part) => part.paths);

test('every test that has a long variant is in a part of `npm run test:long`', () => {
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', 'src', 'action', 'tests', 'site', 'scripts'], { cwd: ROOT, encoding: 'utf8' }).split('\n').filter((file) => file.endsWith('.test.ts') && existsSync(join(ROOT, file)));
  const long = files.filter((file) => file !== 'scripts/test/long-parts.test.ts' && /COUNTERSIGN_LONG|\bisLong\b|\blongTest\b|\bLONG\b/.test(readFileSync(join(ROOT, file), 'utf8')));
  expect(long.length).toBeGreaterThan(20);
  expect(long.filter((file) => !paths.some((path) => file.startsWith(path)))).toEqual([]);
});

test('every part has tests', () => {
  expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});
