import { withLineFeeds } from '../domain/line-endings.ts';

// Where the source issue lies in the control repo, it is its own tracking issue: Countersign then keeps one marked section
// at its end, and everything above that section stays the author's.

const BEGIN = '<!-- countersign:begin';
const END = '<!-- countersign:end -->';

/** The author's text alone: what is pinned and what the section never changes. */
export function withoutSection(body: string): string {
  const start = body.indexOf(BEGIN);
  const end = start < 0 ? -1 : body.indexOf(END, start);
  if (end < 0) return normalise(body);
  return normalise(body.slice(0, start) + body.slice(end + END.length));
}

export function withSection(body: string, workflow: string, section: string): string {
  const own = withoutSection(body);
  return `${own === '' ? '' : `${own}\n\n`}${BEGIN} ${workflow} -->\n${section.trim()}\n${END}\n`;
}

/** The workflow that an issue's section names: a hint, to be checked against the ledger. */
export const workflowNamedIn = (body: string): string | null => /<!-- countersign:begin (wf-\d{8}-[0-9a-z]{6}) -->/.exec(body)?.[1] ?? null;

const normalise = (text: string): string => withLineFeeds(text.trimEnd());
