import type { PolicyViolation } from '../../domain/policy.ts';
import type { JudgedChange } from '../../policy/input.ts';
import { redact } from '../../policy/secrets/redact.ts';
import { decodeText, linesOf } from '../../policy/text-lines.ts';

/** Lines of the result that violations are about, without secrets, by `excerptKey`. */
export type Excerpts = ReadonlyMap<string, string>;

export const excerptKey = (path: string, line: number): string => `${line}\0${path}`;

const FILES_MAX = 50;
const TEXT_CHARACTERS_MAX = 2 * 1024 * 1024;

/**
 * The lines that violations name. The file is searched for secrets as a whole, because a line of its own may hold only a
 * part of one; a file that is too large for that is not shown.
 */
export function excerptsOf(violations: readonly PolicyViolation[], changes: readonly JudgedChange[]): Excerpts {
  const excerpts = new Map<string, string>();
  const named = Map.groupBy(violations.filter(({ path, line }) => path !== '' && line !== null), ({ path }) => path);
  for (const [path, found] of [...named].slice(0, FILES_MAX)) {
    const text = decodeText(changes.find(({ change }) => change.path === path)?.newBytes ?? null);
    if (text === null || text.length > TEXT_CHARACTERS_MAX) continue;
    const lines = linesOf(redact(text));
    for (const { line } of found) {
      const shown = line === null ? undefined : lines[line - 1];
      if (line !== null && shown !== undefined && shown.trim() !== '') excerpts.set(excerptKey(path, line), shown);
    }
  }
  return excerpts;
}
