import type { ContextFile } from '../domain/context.ts';
import { baseName, directoryOf } from './languages.ts';

/** More sources of one name than this, none beside the test: any of them may be meant. */
const ALIKE_MAX = 2;

/**
 * The tests of each source by their names (`list_test.go` for `list.go`, `test_client.py` for `client.py`), as places in `files`. Imports do not say it
 * where a test shares its source's package.
 */
export function pairTests(files: readonly Pick<ContextFile, 'path' | 'kind'>[]): ReadonlyMap<number, readonly number[]> {
  const numbered = files.flatMap(({ path, kind }, number) => (kind === 'source' || kind === 'test' ? [{ path, kind, number }] : []));
  const tests = numbered.filter(({ kind }) => kind === 'test');
  const tested = new Set(tests.map(({ path }) => stemOf(path)));
  const sources = numbered.filter(({ path, kind }) => kind === 'source' && tested.has(stemOf(path)));
  const byName = Map.groupBy(sources, ({ path }) => stemOf(path));
  // A large repository has thousands of files named `index`: each test looks in its own folder first.
  const byPlace = Map.groupBy(sources, ({ path }) => placeOf(path));
  const found = new Map<number, number[]>();
  for (const { path, number } of tests) {
    const alike = byName.get(stemOf(path)) ?? [];
    const beside = byPlace.get(placeOf(path)) ?? [];
    for (const each of beside.length > 0 ? beside : alike.length <= ALIKE_MAX ? alike : []) {
      const known = found.get(each.number);
      if (known === undefined) found.set(each.number, [number]);
      else known.push(number);
    }
  }
  return found;
}

/** A file's name without what makes it a test. */
const stemOf = (path: string): string => baseName(path).replace(/\.\w+$/, '').replace(/[._-](?:tests?|specs?)$|^test_|(?<=[a-z\d])(?:Tests?|Spec)$/, '').toLowerCase();
const placeOf = (path: string): string => `${directoryOf(path)}\0${stemOf(path)}`;
