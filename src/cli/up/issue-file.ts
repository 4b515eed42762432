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

// What Jekyll, GitHub's issue templates and many exporters put above a Markdown text.
const FRONT_MATTER = /^---[ \t]*\n(?:(?!---[ \t]*\n).*\n){0,200}?---[ \t]*(?:\n|$)/;
const FRONT_TITLE = /^title:[ \t]*(?:"([^"\n]+)"|'([^'\n]+)'|([^\n]+))$/m;

/** Reads an issue in Markdown. Rejects with a sentence when it is missing, empty, binary or too large. */
export async function readIssueFile(path: string): Promise<IssueFile> {
  if (/^https?:\/\//i.test(path)) throw inputError('no-issue-file', `--issue names a Markdown file here, not an address. Save the issue first: gh issue view ${path.replace(/[^\w:/.#?=&-]/g, '')} --json title,body --template '# {{.title}}{{"\\n\\n"}}{{.body}}' > issue.md`);
  const info = await stat(path).catch(() => null);
  if (info === null) throw inputError('no-issue-file', `${path} does not exist. --issue names a Markdown file; see docs/writing-an-issue.md.`);
  if (!info.isFile()) throw inputError('no-issue-file', `${path} is not a file. --issue names a Markdown file; see docs/writing-an-issue.md.`);
  if (info.size > ISSUE_BYTES_MAX) throw inputError('issue-too-large', `${path} has ${info.size} bytes; an issue has at most ${ISSUE_BYTES_MAX}. Split it into several issues.`);
  const text = withLineFeeds(decode(await readFile(path), path));
  if (text.trim() === '') throw inputError('issue-empty', `${path} is empty. Write a title, the problem, acceptance criteria and the change; see docs/writing-an-issue.md.`);
  const front = FRONT_MATTER.exec(text)?.[0] ?? '';
  const { title, rest } = splitTitle(withoutLeadingComments(text.slice(front.length)), FRONT_TITLE.exec(front)?.slice(1).find((each) => each !== undefined));
  if (title === '') throw inputError('issue-empty', `${path} has no title. Begin it with a heading: # and what is wrong, in a few words; see docs/writing-an-issue.md.`);
  const body = rest.trim();
  const linesBefore = text.slice(0, text.length - rest.trimStart().length).split('\n').length - 1;
  return { title: title.slice(0, 250), body, origin: { path, linesBefore } };
}

/** What a template says to its reader above the title. */
function withoutLeadingComments(text: string): string {
  let at = 0;
  for (;;) {
    const start = at + (/^\s*/.exec(text.slice(at, at + 10_000))?.[0].length ?? 0);
    const end = text.startsWith('<!--', start) ? text.indexOf('-->', start + 4) : -1;
    if (end < 0) return text.slice(at);
    at = end + 3;
  }
}

/** A first heading is the title, else what the front matter says, else the first line with a word, which then belongs to the text as well. */
function splitTitle(text: string, given: string | undefined): { title: string; rest: string } {
  const heading = /^\s*#\s+(.+)$/m.exec(text);
  if (heading !== null && text.slice(0, heading.index).trim() === '') return { title: (heading[1] ?? '').trim(), rest: text.slice(heading.index + heading[0].length) };
  const underlined = /^\s*(\S.*)\n {0,3}=+[ \t]*(?:\n|$)/.exec(text);
  if (underlined !== null) return { title: (underlined[1] ?? '').trim(), rest: text.slice(underlined[0].length) };
  const words = /^.*[\p{L}\p{N}].*$/mu.exec(text)?.[0].replace(/^\s*#+\s+/, '');
  return { title: (given ?? words ?? text.trim().split('\n')[0] ?? '').trim(), rest: text };
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
