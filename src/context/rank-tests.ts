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
  const sources = Map.groupBy(entries.filter(({ file }) => file.kind === 'source'), ({ file }) => stemOf(file.path));
  const tests = new Map<string, string[]>();
  for (const { key, file } of entries) {
    if (file.kind !== 'test') continue;
    const alike = sources.get(stemOf(file.path)) ?? [];
    const beside = alike.filter((each) => directoryOf(each.file.path) === directoryOf(file.path));
    for (const each of beside.length > 0 ? beside : alike.length <= ALIKE_MAX ? alike : []) tests.set(each.key, [...(tests.get(each.key) ?? []), key]);
  }
  return tests;
}

/** A file's name without what makes it a test. */
const stemOf = (path: string): string => baseName(path).replace(/\.\w+$/, '').replace(/[._-](?:tests?|specs?)$|^test_|(?<=[a-z\d])(?:Tests?|Spec)$/, '').toLowerCase();
