import { stat, readFile } from 'node:fs/promises';
import { inputError } from '../../domain/errors.ts';
import { withLineFeeds } from '../../domain/line-endings.ts';

const ISSUE_BYTES_MAX = 256 * 1024;

/** An issue as a person writes it into a file: the first heading is its title. */
export interface IssueFile {
  readonly title: string;
  readonly body: string;
  /** Where it was read from, and how many lines of the file stand before the body. */
  readonly origin?: { readonly path: string; readonly linesBefore: number };
}

/** Reads an issue in Markdown. Rejects with a sentence when it is missing, empty, binary or too large. */
export async function readIssueFile(path: string): Promise<IssueFile> {
  const info = await stat(path).catch(() => null);
  if (!info?.isFile()) throw inputError('no-issue-file', `${path} is not a file. --issue names a Markdown file; see docs/writing-an-issue.md.`);
  if (info.size > ISSUE_BYTES_MAX) throw inputError('issue-too-large', `${path} has ${info.size} bytes; an issue has at most ${ISSUE_BYTES_MAX}. Split it into several issues.`);
  const text = withLineFeeds(decode(await readFile(path), path));
  if (text.trim() === '') throw inputError('issue-empty', `${path} is empty. Write a title, the problem, acceptance criteria and the change; see docs/writing-an-issue.md.`);
  const heading = /^#\s+(.+)$/m.exec(text);
  const isFirst = heading !== null && text.slice(0, heading.index).trim() === '';
  const title = isFirst ? (heading[1] ?? '').trim() : (text.trim().split('\n')[0] ?? '').trim();
  const rest = isFirst ? text.slice(heading.index + heading[0].length) : text;
  const body = rest.trim();
  const linesBefore = text.slice(0, text.length - rest.trimStart().length).split('\n').length - 1;
  return { title: title.slice(0, 250), body, origin: { path, linesBefore } };
}

function decode(bytes: Uint8Array, path: string): string {
  const notText = inputError('issue-not-text', `${path} is not UTF-8 text. --issue names a Markdown file; see docs/writing-an-issue.md.`);
  if (bytes.includes(0)) throw notText;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw notText;
  }
}
