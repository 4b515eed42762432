import { fileKindOf } from '../../context/file-kind.ts';
import { languageOf } from '../../context/languages.ts';
import { marksOfPath } from '../../context/marks.ts';
import { isAsidePath } from '../../context/rank-prior.ts';
import { outsideError } from '../../domain/errors.ts';
import type { Oid } from '../../domain/ids.ts';
import { runGit } from '../../git/git-process.ts';

/** A commit whose message is asked for the source files that it touched, in its parent's tree. */
export interface HeldOutCommit {
  readonly commit: Oid;
  readonly parent: Oid;
  readonly message: string;
  readonly touched: readonly string[];
}

/** Commits that touch more source files than this say little about any of them. */
const TOUCHED_MAX = 8;
const WORDS_MIN = 4;
const LOOKED_AT_MAX = 4_000;
const NO_CHANGE = /^(?:merge|release|bump|version|prepare|revert|v?\d+[.\d]*\b|\w+\(deps|update changelog|lint|fmt|format|typos?\b)/i;

/**
 * The newest commits of a history that can be held out, by one stated rule: not a merge, release, bump, revert or formatting; a message of
 * four words or more without trailers; one to eight source files modified that exist in the parent. `skip`: how many of
 * them to leave out at the newest end.
 */
export async function heldOutCommits(gitDir: string, options: { readonly from: string; readonly count: number; readonly skip?: number }): Promise<HeldOutCommit[]> {
  const args = [`--git-dir=${gitDir}`, 'log', '--no-merges', `--max-count=${LOOKED_AT_MAX}`, '--no-renames', '--raw', '--no-abbrev', '-z', '--format=%x01%H%x02%P%x02%B%x03', options.from];
  const output = await runGit({ args, cwd: gitDir, config: { 'safe.directory': '*' } });
  if (output.code !== 0) throw outsideError('git-failed', `The history of ${gitDir} cannot be read from ${options.from}. Is it a clone with its history?`);
  const found = output.stdout.toString('utf8').split('\x01').flatMap((entry) => parseEntry(entry) ?? []);
  const skip = options.skip ?? 0;
  return found.slice(skip, skip + options.count);
}

function parseEntry(entry: string): HeldOutCommit | null {
  const [head = '', changes = ''] = entry.split('\x03');
  const [commit = '', parents = '', body = ''] = head.split('\x02');
  if (!/^[0-9a-f]{40}$/.test(parents)) return null;
  const message = withoutTrailers(body);
  if (NO_CHANGE.test(message) || (message.match(/\p{L}{2,}/gu) ?? []).length < WORDS_MIN) return null;
  const touched = [...changes.matchAll(/:\d{6} \d{6} [0-9a-f]{40} [0-9a-f]{40} M\0([^\0]+)/g)].map(([, path = '']) => path).filter(isOwnSource);
  return touched.length === 0 || touched.length > TOUCHED_MAX ? null : { commit, parent: parents, message, touched };
}

/** Source in a known language, neither marked nor set aside as an example or a tool. */
const isOwnSource = (path: string): boolean => fileKindOf(path) === 'source' && languageOf(path) !== null && marksOfPath(path).length === 0 && !isAsidePath(path);

/** What a person would have written in an issue: not who signed it, nor which request it came by. */
function withoutTrailers(body: string): string {
  return body.replace(/^(?:[A-Z][\w-]*-(?:by|id|agent)|Closes|Fixes|Refs?|PR-URL):.*$/gim, '').replace(/\(#\d+\)|\bPull request #?\d+\b/gi, '').trim();
}
