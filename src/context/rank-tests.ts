import type { ContextFile } from '../domain/context.ts';
import { baseName, directoryOf } from './languages.ts';

interface Keyed {
  readonly key: string;
  readonly file: Pick<ContextFile, 'path' | 'kind'>;
}

/** More sources of one name than this, none beside the test: any of them may be meant. */
const ALIKE_MAX = 2;

/**
 * The tests of each source by their names (`list_test.go` for `list.go`, `test_client.py` for `client.py`). Imports do not say it where a test shares
 * its source's package.
 */
export function pairTests(entries: readonly Keyed[]): ReadonlyMap<string, readonly string[]> {
  const sources = entries.filter(({ file }) => file.kind === 'source');
  const byName = Map.groupBy(sources, ({ file }) => stemOf(file.path));
  // A large repository has thousands of files named `index`: each test looks in its own folder first.
  const byPlace = Map.groupBy(sources, ({ file }) => placeOf(file.path));
  const tests = new Map<string, string[]>();
  for (const { key, file } of entries) {
    if (file.kind !== 'test') continue;
    const alike = byName.get(stemOf(file.path)) ?? [];
    const beside = byPlace.get(placeOf(file.path)) ?? [];
    for (const each of beside.length > 0 ? beside : alike.length <= ALIKE_MAX ? alike : []) {
      const known = tests.get(each.key);
      if (known === undefined) tests.set(each.key, [key]);
      else known.push(key);
    }
  }
  return tests;
}

/** A file's name without what makes it a test. */
const stemOf = (path: string): string => baseName(path).replace(/\.\w+$/, '').replace(/[._-](?:tests?|specs?)$|^test_|(?<=[a-z\d])(?:Tests?|Spec)$/, '').toLowerCase();
const placeOf = (path: string): string => `${directoryOf(path)}\0${stemOf(path)}`;
