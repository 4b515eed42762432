import type { ContextFile, ContextProblem, FileMark } from '../domain/context.ts';
import type { Oid } from '../domain/ids.ts';
import type { ObjectReader } from '../ports/objects.ts';
import type { Analyser } from './analyse/analyser.ts';
import type { BlobFacts } from './analyse/analyse-blob.ts';
import type { HttpUse, Outline, RawImport } from './analyse/outline.ts';
import type { FactsCache } from './facts-cache.ts';
import { createInterner } from './intern.ts';
import { languageOf } from './languages.ts';
import { LIMITS } from './limits.ts';
import { mapBounded } from './order.ts';
import type { QueryTerms } from './query.ts';
import { nameFile, planReading, type PlannedFile } from './read-plan.ts';
import type { TreeFile } from './read-tree.ts';
import { spareMemoryFor } from './spare-memory.ts';

/** A file whose imports are not resolved yet. Its text is not kept: what the ranking needs of it is counted. */
export interface ReadFile {
  readonly file: Omit<ContextFile, 'imports' | 'references'>;
  readonly imports: readonly RawImport[];
  /** Names that it uses, one a line. */
  readonly references: string;
  readonly http: readonly HttpUse[];
  /** Of a CI file. */
  readonly jobs: readonly string[];
  /** Why it cannot be shown. */
  readonly missing: 'too-large' | 'binary' | 'unreadable' | 'link' | 'over-limit' | 'lfs-pointer' | null;
  readonly parsed: boolean;
  readonly words: WordCounts;
}

/** How many words a text has, and how often the query's terms occur in it: pairs of a term's index and its count. Without a query nobody may have counted. */
export interface WordCounts {
  readonly length: number;
  readonly matches: readonly number[];
}

export interface ReadFiles {
  readonly files: readonly ReadFile[];
  readonly problems: readonly ContextProblem[];
  /** Blobs that were analysed, and that the cache knew. */
  readonly analysed: number;
  readonly cached: number;
}

export interface ReadTools {
  readonly analyser: Analyser;
  readonly cache: FactsCache | null;
  readonly query: QueryTerms;
}

/** One batch is this many blobs or bytes of text, whichever comes first. */
const BATCH_FILES = 64;
const BATCH_BYTES = 256 * 1024;
const SAVE_FILES = 1_024;

interface Digest {
  readonly outline: Outline;
  readonly words: WordCounts;
}

const NOTHING: WordCounts = { length: 0, matches: [] };

/** Finds out what every file of a listing says, each blob once. A file that cannot be read or parsed is a problem in the list and stays in the tree. */
export async function readFiles(objects: ObjectReader, listing: readonly TreeFile[], tools: ReadTools): Promise<ReadFiles> {
  spareMemoryFor(listing.length);
  const sizes = sizesOf(objects, listing);
  // Paths are looked at while git looks the sizes up.
  const named = listing.map(nameFile);
  const plan = planReading(named, await sizes);
  const problems = [...plan.problems];
  const digests = new Map<string, Digest | null>();
  const intern = createInterner();
  const take = (key: string, { outline, terms }: BlobFacts): void => {
    intern(outline);
    digests.set(key, { outline, words: { length: terms.length, matches: tools.query.matchesIn(terms) } });
  };
  const wanted = new Map(plan.files.flatMap((file) => (file.missing === null ? [[keyOf(file), file] as const] : [])));
  await tools.cache?.load(new Set(wanted.keys()), take);
  const cached = digests.size;
  const missing = [...wanted].filter(([key]) => !digests.has(key)).map(([, file]) => file);
  // A cache keeps what the next issue asks for; without one nobody will.
  tools.analyser.expect(missing, tools.cache === null ? tools.query.hashes : 'all');
  await analyseMissing(objects, missing, { tools, take, lost: (key) => void digests.set(key, null) });
  const budget = { symbols: LIMITS.symbols, imports: LIMITS.imports, references: LIMITS.referenceChars, cut: 0 };
  const files = plan.files.map((file) => (file.missing === null ? fileOf(file, digests.get(keyOf(file)) ?? null, { problems, budget }) : bare(file, file.missing)));
  if (budget.cut > 0) problems.push({ path: '', code: 'over-limit', reason: `of ${budget.cut} files symbols, imports or references are left out: the first ${LIMITS.symbols} symbols, ${LIMITS.imports} imports and references of ${LIMITS.referenceChars} characters are kept` });
  return { files, problems, analysed: wanted.size - cached, cached };
}

/** Bytes of every blob that is there; git is asked for those that the listing does not tell. */
async function sizesOf(objects: ObjectReader, listing: readonly TreeFile[]): Promise<ReadonlyMap<Oid, number>> {
  const unknown = new Set(listing.flatMap(({ blob, mode, bytes }) => (bytes === undefined && mode !== '120000' ? [blob] : [])));
  const asked = unknown.size === 0 ? [] : await objects.readSizes([...unknown]);
  return new Map([...listing.flatMap(({ blob, bytes }) => (bytes === undefined ? [] : [[blob, bytes] as const])), ...asked]);
}

const keyOf = ({ blob, lens }: PlannedFile): string => `${blob}:${lens}`;

interface Sink {
  readonly tools: ReadTools;
  readonly take: (key: string, facts: BlobFacts) => void;
  readonly lost: (key: string) => void;
}

/** A few batches at a time: no more text is in memory than they hold. */
async function analyseMissing(objects: ObjectReader, files: readonly PlannedFile[], { tools, take, lost }: Sink): Promise<void> {
  const unsaved: { key: string; facts: BlobFacts }[] = [];
  await mapBounded(batchesOf(files), tools.analyser.width + 1, async (batch) => {
    const blobs = await Promise.all(batch.map((file) => objects.readBlob(file.blob).catch(() => null)));
    const there = batch.flatMap((file, index) => {
      const bytes = blobs[index] ?? null;
      if (bytes === null) lost(keyOf(file));
      return bytes === null ? [] : [{ file, bytes }];
    });
    const facts = await tools.analyser.analyse(there.map(({ file, bytes }) => ({ lens: file.lens, bytes })));
    for (const [index, each] of facts.entries()) {
      const file = there[index]?.file;
      if (file === undefined) continue;
      take(keyOf(file), each);
      if (tools.cache !== null) unsaved.push({ key: keyOf(file), facts: each });
    }
    if (unsaved.length >= SAVE_FILES) await tools.cache?.save(unsaved.splice(0));
  });
  if (unsaved.length > 0) await tools.cache?.save(unsaved);
}

function batchesOf(files: readonly PlannedFile[]): PlannedFile[][] {
  const batches: PlannedFile[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const file of files) {
    const last = batches.at(-1);
    if (last === undefined || last.length >= BATCH_FILES || bytes + file.bytes > BATCH_BYTES) {
      batches.push([file]);
      bytes = file.bytes;
    } else {
      last.push(file);
      bytes += file.bytes;
    }
  }
  return batches;
}

const bare = ({ path, blob, bytes, kind, marks }: PlannedFile, missing: ReadFile['missing'], as: ContextFile['kind'] = kind): ReadFile => ({
  file: { path, blob, bytes, language: kind === 'link' ? null : languageOf(path), lines: null, kind: as, marks, symbols: [] },
  imports: [], references: '', http: [], jobs: [], missing, parsed: false, words: NOTHING,
});

function fileOf(planned: PlannedFile, digest: Digest | null, to: { problems: ContextProblem[]; budget: { symbols: number; imports: number; references: number; cut: number } }): ReadFile {
  const { path, kind } = planned;
  if (digest === null) {
    to.problems.push({ path, code: 'unreadable', reason: 'the blob cannot be read from the pinned commit' });
    return bare(planned, 'unreadable');
  }
  const { outline, words } = digest;
  if (outline.kind === 'binary') return bare(planned, 'binary', 'binary');
  const marks = [...new Set<FileMark>([...(outline.generated ? ['generated' as const] : []), ...(outline.minified ? ['minified' as const] : []), ...planned.marks])].sort();
  if (outline.kind === 'lfs-pointer') {
    to.problems.push({ path, code: 'lfs-pointer', reason: 'a git LFS pointer: the file it stands for is kept elsewhere and is not fetched' });
    return bare({ ...planned, marks: ['lfs-pointer'] }, 'lfs-pointer');
  }
  if (kind === 'binary') return bare(planned, 'binary');
  if (outline.failure !== null) to.problems.push({ path, code: 'parse-failed', reason: outline.failure });
  to.budget.symbols -= outline.symbols.length;
  to.budget.imports -= outline.imports.length;
  to.budget.references -= outline.references.length;
  const { symbols, imports, references } = to.budget;
  const isCut = (symbols < 0 && outline.symbols.length > 0) || (imports < 0 && outline.imports.length > 0) || (references < 0 && outline.references.length > 0);
  if (isCut) to.budget.cut += 1;
  return {
    file: { path, blob: planned.blob, bytes: planned.bytes, language: languageOf(path), lines: outline.lines, kind, marks, symbols: symbols < 0 ? [] : outline.symbols },
    imports: imports < 0 ? [] : outline.imports,
    references: references < 0 ? '' : outline.references,
    http: outline.http, jobs: outline.jobs, missing: null, parsed: outline.parsed, words,
  };
}
