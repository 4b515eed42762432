import picomatch from 'picomatch';
import type { Oid, RepoName } from '../../domain/ids.ts';
import type { ObjectReader } from '../../ports/objects.ts';
import type { RewrittenFile } from '../../ports/rewriter.ts';
import { isGenerated } from '../analyse/analyse-blob.ts';
import { marksOfPath } from '../marks.ts';
import { readTreeListing, type TreeFile } from '../read-tree.ts';
import { diffOfEdits } from './edit-diff.ts';
import type { RewriteEngine } from './engine.ts';
import { fillFix } from './fix.ts';
import { isInLanguage } from './languages.ts';
import { REWRITE_LIMITS } from './limits.ts';
import type { RewriteRule } from './rule.ts';
import type { TextEdit } from './text-edit.ts';

/** The tree that rules are read against. */
export interface RewriteBase {
  readonly objects: ObjectReader;
  readonly tree: Oid;
}

/** One rule, for one repository. */
export interface RewriteOrder {
  readonly rule: RewriteRule;
  readonly repo: RepoName;
  /** Index of the request that it stands in. */
  readonly request: number;
}

/** One change: its engine, and what it has used of the limits, over all repositories. */
export interface RewriteRun {
  readonly engine: RewriteEngine;
  readonly used: { files: number; bytes: number; matches: number; insertedChars: number; diffChars: number };
}

/** Why there is no change: a sentence for the author. It ends all work on the repository. */
export class RewriteFault extends Error {}

export interface RewrittenHere {
  /** Of the first rule that changes the file. */
  readonly request: number;
  readonly file: RewrittenFile;
}

interface RewrittenRepository {
  readonly made: readonly RewrittenHere[];
  /** By request, what no rule of it was let at. */
  readonly leftAlone: ReadonlyMap<number, ReadonlySet<string>>;
}

/** What the rules make of one repository, file by file in the tree's order. Throws a `RewriteFault`. */
export async function rewriteRepository(run: RewriteRun, base: RewriteBase, orders: readonly RewriteOrder[]): Promise<RewrittenRepository> {
  const { files, problems } = await readTreeListing(base.objects, base.tree);
  const cut = problems.find(({ code }) => code === 'over-limit' || code === 'too-deep');
  if (cut !== undefined) throw new RewriteFault(`${orders[0]?.repo ?? ''} is too large for rewrite rules: ${cut.reason}. Give the change as a diff.`);
  const pickers = orders.map(({ rule }) => pickerOf(rule));
  const matched = new Set<number>();
  const left = new Map<number, Set<string>>();
  const leftAlone = new Map<number, Set<string>>();
  const leave = ({ path }: TreeFile, indexes: readonly number[]): void => {
    for (const index of indexes) {
      getOrAdd(left, index).add(path);
      getOrAdd(leftAlone, orders[index]?.request ?? 0).add(path);
    }
  };
  const made: RewrittenHere[] = [];
  for (const file of files) {
    const picked = pickers.flatMap((picks, index) => (picks(file) ? [index] : []));
    // Nobody writes such a file by hand: only a rule that names files may change it. What the path says needs no reading.
    const isMarked = marksOfPath(file.path).length > 0;
    const named = picked.filter((index) => (orders[index]?.rule.files.length ?? 0) > 0);
    const first = isMarked ? named : picked;
    const text = first.length === 0 ? null : await readText(run, base, file);
    const wanted = text !== null && isGenerated(text) ? named : first;
    leave(file, picked.filter((index) => !wanted.includes(index) && (isMarked || text !== null)));
    if (text === null) continue;
    const edits = await editsOf(run, text, { file, orders, wanted });
    for (const { rule } of edits) matched.add(rule);
    made.push(...rewriteFile(run, text, { file, orders, edits }));
  }
  const idle = orders.findIndex((_, index) => !matched.has(index));
  if (idle >= 0) throw new RewriteFault(idleReason(orders[idle], files.filter((file) => pickers[idle]?.(file)).length, [...(left.get(idle) ?? [])]));
  return { made, leftAlone };
}

function getOrAdd(sets: Map<number, Set<string>>, key: number): Set<string> {
  const found = sets.get(key) ?? new Set();
  sets.set(key, found);
  return found;
}

/** Which files a rule is for: those of its language that its globs name. Links and submodules are not followed. */
function pickerOf({ language, files, ignores }: RewriteRule): (file: TreeFile) => boolean {
  const isNamed = files.length === 0 ? () => true : picomatch([...files], { dot: true });
  const isIgnored = ignores.length === 0 ? () => false : picomatch([...ignores], { dot: true });
  return ({ path, mode }) => mode !== '120000' && isInLanguage(path, language) && isNamed(path) && !isIgnored(path);
}

/** The text of a file, or null for one that is not UTF-8: nothing there is matched. */
async function readText({ used }: RewriteRun, { objects }: RewriteBase, { path, blob }: TreeFile): Promise<string | null> {
  const size = (await objects.readSizes([blob])).get(blob) ?? 0;
  if (size > REWRITE_LIMITS.fileBytes) throw new RewriteFault(`${path} has ${size} bytes; rewrite rules read at most ${REWRITE_LIMITS.fileBytes} of a file. Leave it out with ignores.`);
  used.files += 1;
  used.bytes += size;
  if (used.files > REWRITE_LIMITS.files || used.bytes > REWRITE_LIMITS.bytes) throw new RewriteFault(`The rewrite rules would read more than ${REWRITE_LIMITS.files} files or ${REWRITE_LIMITS.bytes} bytes. Name fewer with files.`);
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await objects.readBlob(blob));
    return text.includes('\0') ? null : text;
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

interface Work {
  readonly file: TreeFile;
  readonly orders: readonly RewriteOrder[];
  /** Indexes of the orders that are for this file. */
  readonly wanted: readonly number[];
}

async function editsOf(run: RewriteRun, text: string, { file, orders, wanted }: Work): Promise<readonly TextEdit[]> {
  const edits: TextEdit[] = [];
  for (const index of wanted) {
    const rule = orders[index]?.rule;
    if (rule === undefined || !rule.words.every((word) => text.includes(word))) continue;
    const found = await run.engine.match(rule, text);
    if (found.kind === 'failed') throw new RewriteFault(`${sentence(rule.label)} does not work: ${found.reason}`);
    let end = -1;
    for (const match of found.matches) {
      // A match inside one of the same rule goes with it; what is left of it is for another change.
      if (match.start < end) continue;
      end = match.end;
      const filled = fillFix(rule.fix, match, text);
      edits.push({ ...(filled === '' ? withEmptyLine(text, match) : { start: match.start, end: match.end }), text: filled, rule: index });
      use(run, filled);
    }
  }
  edits.sort((left, right) => left.start - right.start || left.end - right.end);
  const clash = edits.findIndex((edit, index) => index > 0 && edit.start < (edits[index - 1]?.end ?? 0));
  if (clash > 0) throw new RewriteFault(`${sentence(labelOf(orders, edits[clash - 1]))} and ${labelOf(orders, edits[clash])} both change line ${lineOf(text, edits[clash]?.start ?? 0)} of ${file.path}. Make one of them leave it alone.`);
  return edits;
}

/** Where nothing comes and nothing else stands on its lines, those lines go as a whole. */
function withEmptyLine(text: string, { start, end }: { start: number; end: number }): { start: number; end: number } {
  const from = text.lastIndexOf('\n', start - 1) + 1;
  const rest = /^[ \t]*(?:\r?\n|$)/.exec(text.slice(end, end + 1_000));
  return rest !== null && text.slice(from, start).trim() === '' ? { start: from, end: end + rest[0].length } : { start, end };
}

function use({ used }: RewriteRun, filled: string): void {
  used.matches += 1;
  used.insertedChars += filled.length;
  if (used.matches > REWRITE_LIMITS.matches || used.insertedChars > REWRITE_LIMITS.insertedChars) throw new RewriteFault(`The rewrite rules match more than ${REWRITE_LIMITS.matches} times, or put in more than ${REWRITE_LIMITS.insertedChars} characters. Split the issue, or name fewer files.`);
}

function rewriteFile({ used }: RewriteRun, text: string, { file: { path }, orders, edits }: Omit<Work, 'wanted'> & { readonly edits: readonly TextEdit[] }): readonly RewrittenHere[] {
  const [first] = edits;
  if (first === undefined) return [];
  const { diff, added, removed } = diffOfEdits(path, text, edits);
  used.diffChars += diff.length;
  if (used.diffChars > REWRITE_LIMITS.diffChars) throw new RewriteFault(`The rewrite rules change more than a proposal holds (${REWRITE_LIMITS.diffChars} characters of diff). Split the issue.`);
  // A rule whose fix says what stands there already has matched, and changes nothing.
  return added + removed === 0 ? [] : [{ request: orders[first.rule]?.request ?? 0, file: { path, added, removed, diff } }];
}

function idleReason(order: RewriteOrder | undefined, files: number, left: readonly string[]): string {
  if (order === undefined) return 'A rewrite rule matches nothing.';
  const { rule: { label, language, matcher }, repo } = order;
  if (files === 0) return `${sentence(label)} is for no file: ${repo} has no ${language.name} file that files and ignores leave. Paths begin at the repository's root.`;
  const unnamed = left.length === 0 ? '' : ` It leaves ${left.length} vendored, generated or minified ${left.length === 1 ? 'file' : 'files'} alone (such as ${left[0]}); name what it may change there under files.`;
  const small = /\$+[a-z]\w*/.exec(JSON.stringify(matcher))?.[0];
  const hint = small !== undefined && !['PHP', 'Ruby', 'CSS'].includes(language.name) ? `${small} stands for itself: what a rule fills in is written in capitals, as $${small.replace(/^\$+/, '').toUpperCase()}.` : language.context === null ? 'Try it with ast-grep on that commit; a pattern has to be code that parses by itself.' : `A ${language.name} pattern is read as a whole file; show where it stands: ${language.context}`;
  return `${sentence(label)} matches nothing in ${repo} (${files} ${language.name} ${files === 1 ? 'file' : 'files'} at the pinned commit).${unnamed} ${hint}`;
}

const labelOf = (orders: readonly RewriteOrder[], edit: TextEdit | undefined): string => orders[edit?.rule ?? -1]?.rule.label ?? 'a rule';
const sentence = (label: string): string => label.charAt(0).toUpperCase() + label.slice(1);
const lineOf = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;
