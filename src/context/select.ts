import type { ContextFile, CutOff, RankedFile, RepoFacts, ShownRange } from '../domain/context.ts';
import type { RepoName } from '../domain/ids.ts';
import type { ObjectReader } from '../ports/objects.ts';
import { decodeText } from './analyse/analyse-blob.ts';
import { directoryOf } from './languages.ts';
import { LIMITS } from './limits.ts';
import { byCodeUnit, byKey } from './order.ts';

export interface Selection {
  readonly shown: readonly (ShownRange & { readonly text: string })[];
  readonly cutOff: readonly CutOff[];
}

export interface Source {
  readonly repos: readonly RepoFacts[];
  readonly objects: ReadonlyMap<RepoName, ObjectReader>;
  /** Why a file cannot be shown: repository after repository, in the order of its files. */
  readonly missing: readonly (CutOff['reason'] | null)[];
}

/** A head of a few bytes helps nobody: a smaller file further down may still fit whole. */
const HEAD_MIN = 2_048;
const GROUP_MAX = 256;

/** Shows files in the order of their rank until the budget (bytes of UTF-8) is used; everything else is in `cutOff`. */
export async function selectShown(ranking: readonly RankedFile[], source: Source, budgetBytes: number): Promise<Selection> {
  const shown: (ShownRange & { text: string })[] = [];
  const whole = new Set<ContextFile>();
  const candidates = candidatesOf(ranking, source);
  let left = Math.max(0, budgetBytes);
  for (let at = 0; at < candidates.length && left > 0; ) {
    const group = groupAt(candidates, at, left);
    at += group.length;
    const texts = await Promise.all(group.map(async ({ repo, file }) => (isTooLong(file, left) ? null : decodeText((await source.objects.get(repo)?.readBlob(file.blob)) ?? new Uint8Array([0])))));
    for (const [index, { repo, file }] of group.entries()) {
      const text = texts[index] ?? null;
      if (text === null || left === 0 || isTooLong(file, left)) continue;
      const range = firstLines(text, Math.min(left, LIMITS.shownFileBytes));
      if (!range.whole && range.bytes < HEAD_MIN) continue;
      shown.push({ repo, path: file.path, blob: file.blob, start: 0, end: range.bytes, text: range.text });
      if (range.whole) whole.add(file);
      left -= range.bytes;
    }
  }
  return { shown, cutOff: cutOffOf(source, whole) };
}

interface Candidate {
  readonly repo: RepoName;
  readonly file: ContextFile;
}

function candidatesOf(ranking: readonly RankedFile[], source: Source): Candidate[] {
  const showable = showableOf(source);
  return ranking.flatMap(({ repo, path }) => {
    const file = showable.get(repo)?.get(path);
    return file === undefined ? [] : [{ repo, file }];
  });
}

/** The next candidates that may all fit, and one at least: their blobs are asked for together, because each by itself would be a way to git and back. */
function groupAt(candidates: readonly Candidate[], from: number, left: number): Candidate[] {
  let end = from;
  for (let bytes = 0; end < candidates.length && end - from < GROUP_MAX && bytes < left; end++) bytes += Math.min(candidates[end]?.file.bytes ?? 0, LIMITS.shownFileBytes);
  return candidates.slice(from, Math.max(end, from + 1));
}

/** Too little room is left for a part of it. */
function isTooLong({ bytes }: ContextFile, left: number): boolean {
  const most = Math.min(left, LIMITS.shownFileBytes);
  return bytes > most && most < HEAD_MIN;
}

/** The first whole lines of a text that fit. */
function firstLines(text: string, maxBytes: number): { text: string; bytes: number; whole: boolean } {
  const bytes = Buffer.byteLength(text);
  if (bytes <= maxBytes) return { text, bytes, whole: true };
  const head = Buffer.from(text).subarray(0, Math.max(0, maxBytes));
  const end = head.lastIndexOf(0x0a) + 1;
  return { text: head.subarray(0, end).toString('utf8'), bytes: end, whole: false };
}

function showableOf({ repos, missing }: Source): ReadonlyMap<RepoName, ReadonlyMap<string, ContextFile>> {
  let number = 0;
  return new Map(repos.map(({ repo, files }) => [repo, new Map(files.flatMap((file) => (missing[number++] === null ? [[file.path, file] as const] : [])))]));
}

function cutOffOf({ repos, missing }: Source, whole: ReadonlySet<ContextFile>): CutOff[] {
  let number = 0;
  const entries = repos.flatMap(({ repo, files }) =>
    files.flatMap((file): CutOff[] => {
      // No ranking lists a lockfile, so no budget would show it.
      const reason = missing[number++] ?? (file.kind === 'lockfile' ? 'lockfile' : 'budget');
      return whole.has(file) ? [] : [{ repo, path: file.path, files: 1, reason }];
    }),
  );
  const listed = entries.length > LIMITS.cutOffEntries ? byFolder(entries) : entries;
  return listed.sort(byKey((entry) => `${entry.repo}\0${entry.path}\0${entry.reason}`));
}

/** Too many to list one by one: folders of the second level (past a further limit, of the first, then whole repositories), each with how many files. Nothing is left out of the count. */
function byFolder(entries: readonly CutOff[]): CutOff[] {
  for (const depth of [2, 1, 0]) {
    const groups = new Map<string, { repo: RepoName; path: string; files: number; reason: CutOff['reason'] }>();
    for (const { repo, path, reason } of entries) {
      const folder = `${directoryOf(path).split('/').slice(0, depth).join('/')}/`;
      const key = `${repo}\0${folder}\0${reason}`;
      const group = groups.get(key) ?? { repo, path: folder, files: 0, reason };
      group.files += 1;
      groups.set(key, group);
    }
    if (groups.size <= LIMITS.cutOffEntries || depth === 0) return [...groups.entries()].sort(([left], [right]) => byCodeUnit(left, right)).map(([, group]) => group);
  }
  return [];
}
