import type { RepoName } from '../../domain/ids.ts';
import { helpToAllow } from '../allowances.ts';
import type { JudgedChange } from '../input.ts';
import { createRule } from '../path-rule.ts';
import type { Finding } from '../rule.ts';
import { redact, REDACTION_MARK } from '../secrets/redact.ts';
import { scanText, type ScanBudget, type SecretHit } from '../secrets/scan-text.ts';
import { showPath } from '../show.ts';
import { linesOf } from '../text-lines.ts';

const FINDINGS_PER_FILE_MAX = 20;
/** Bytes of one file and characters of all readings of all files that are searched; what is beyond blocks. */
const FILE_BYTES_MAX = 8 * 1024 * 1024;
const CHARACTERS_MAX = 96 * 1024 * 1024;
const why = 'Whoever can read the repository, the pull request or the ledger could use it, for as long as it is valid.';

/** Secrets in what the change leaves behind: in the whole result of each file, and in its new lines read together. */
export const secrets = createRule('secrets', ({ changes, repo }) => {
  const budget: ScanBudget = { charactersLeft: CHARACTERS_MAX };
  return changes.flatMap((judged) => [...judgePath(judged), ...judgeFile(judged, budget, repo)]);
});

/** A secret as a file's name would be shown wherever the change is. */
function judgePath({ change: { path, op } }: JudgedChange): Finding[] {
  const shown = redact(path);
  if (op === 'delete' || shown === path) return [];
  return [{ path: '', message: `The name of a file is a secret: ${showPath(shown)}.`, why, help: 'Rename the file, and revoke the secret where it was issued.', allowable: false }];
}

function judgeFile({ change: { path }, oldBytes, newBytes }: JudgedChange, budget: ScanBudget, repo: RepoName): Finding[] {
  if (newBytes === null) return [];
  const isSearchable = newBytes.length <= FILE_BYTES_MAX;
  const text = isSearchable ? textOf(newBytes) : '';
  const lines = newLineNumbers(isSearchable ? oldBytes : null, text);
  const whole = scanText(text, budget);
  const added = isOnePiece(lines) ? null : scanAdded(text, lines, budget);
  const numbers = lineFinder(text);
  // What only looks random was accepted where it stands already; what is a secret by its form is one also there.
  const inResult = whole.hits.map((hit) => ({ hit, line: numbers(hit.start) })).filter(({ hit, line }) => hit.isCertain || lines.has(line));
  const known = new Set(inResult.map(({ line }) => line));
  const all = [...inResult, ...(added?.hits ?? []).filter(({ line }) => !known.has(line))].slice(0, FINDINGS_PER_FILE_MAX);
  const help = `Take it out, read it from the environment or a secret store, and revoke it where it was issued. If it is no secret, ${helpToAllow('secrets', { path: redact(path) }, repo).replace(/^Drop this change, or /, '')}`;
  const found = all.map(({ hit, line }): Finding => ({ path, line, message: sentenceOf(path, hit, { line, isNew: lines.has(line) }), why, help }));
  const findings = [...found, ...judgeMarks(path, { text, lines, numbers })];
  return isSearchable && whole.isComplete && (added?.isComplete ?? true) ? findings : [...findings, unsearched(path, newBytes.length)];
}

/** A secret that was taken out of the issue, an answer or a proposal when it was read: what is left is no change that anybody wanted. */
function judgeMarks(path: string, { text, lines, numbers }: { text: string; lines: ReadonlySet<number>; numbers: (place: number) => number }): Finding[] {
  const marks = [...text.matchAll(REDACTION_MARK)].map(({ index, 1: name = '' }) => ({ name, line: numbers(index) })).filter(({ line }) => lines.has(line));
  const help = 'Give the change without the secret (read it from the environment or a secret store), and revoke it where it was issued.';
  return marks.slice(0, FINDINGS_PER_FILE_MAX).map(({ name, line }): Finding => ({ path, line, message: `Line ${line} of ${showPath(redact(path))} held a secret when it was proposed (${name}); it was taken out before anything was stored.`, why, help, allowable: false }));
}

function sentenceOf(path: string, { name, via }: SecretHit, { line, isNew }: { line: number; isNew: boolean }): string {
  const wrapped = via.length === 0 ? '' : `, hidden by ${via.join(', then ')}`;
  const before = isNew || via.length > 0 ? '' : ' It was there before this change.';
  return `Line ${line} of ${showPath(redact(path))} holds ${/^[aeio]/i.test(name) ? 'an' : 'a'} ${name}${wrapped}.${before}`;
}

function unsearched(path: string, bytes: number): Finding {
  return { path, message: `${showPath(redact(path))} (${bytes} bytes) could not be searched for secrets completely.`, why: 'What was not searched may hold one.', help: 'Make the file or the change smaller, or leave it out.' };
}

// Bytes that are no text can hold secrets too: each byte one character, and UTF-16 reads as ASCII without its NULs.
function textOf(bytes: Uint8Array): string {
  const isText = !bytes.includes(0);
  return isText ? new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes) : new TextDecoder('latin1').decode(bytes).replaceAll('\u0000', '');
}

function newLineNumbers(oldBytes: Uint8Array | null, text: string): ReadonlySet<number> {
  const known = new Set(oldBytes === null ? [] : linesOf(textOf(oldBytes)));
  return new Set(linesOf(text).flatMap((line, index) => (known.has(line) ? [] : [index + 1])));
}

/** True when the new lines follow each other: then the whole file shows them as they are. */
function isOnePiece(lines: ReadonlySet<number>): boolean {
  const numbers = [...lines];
  return numbers.length === 0 || (numbers.at(-1) ?? 0) - (numbers[0] ?? 0) === numbers.length - 1;
}

/** The new lines alone, read together: a secret whose parts have unchanged lines between them. */
function scanAdded(text: string, lines: ReadonlySet<number>, budget: ScanBudget): { hits: { hit: SecretHit; line: number }[]; isComplete: boolean } {
  const all = linesOf(text);
  const numbers = [...lines];
  const joined = numbers.map((number) => all[number - 1] ?? '').join('\n');
  const { hits, isComplete } = scanText(joined, budget);
  const place = lineFinder(joined);
  return { hits: hits.map((hit) => ({ hit, line: numbers[place(hit.start) - 1] ?? 1 })), isComplete };
}

/** The number of the line that a place of the text is in. */
function lineFinder(text: string): (place: number) => number {
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  return (place) => {
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= place) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  };
}
