import { ROLE_TEMPLATES } from '../../../model/prompts/templates.ts';
import { printableLines } from '../../printable.ts';
import type { Exchange, ModelRequestSent } from './store.ts';

const LINES_SHOWN_MAX = 12;
const LINE_CHARACTERS_MAX = 160;

/** How a request differs from the recorded one that is most like it, in lines for people: of which role, in which message, which lines. */
export function describeMiss(asked: ModelRequestSent, recorded: readonly Exchange[]): readonly string[] {
  const lines = linesOf(asked);
  const [role, keys] = [roleOf(asked), new Set(lines.map(keyOf))];
  // Another role's request is never the one that was meant, whatever it shares.
  const likeness = (other: { readonly role: string; readonly lines: readonly Line[] }): number => other.lines.filter((line) => keys.has(keyOf(line))).length + (other.role === role ? 1e9 : 0);
  const candidates = recorded.flatMap(({ request }, index) => (request.path === asked.path ? [{ number: index + 1, role: roleOf(request), lines: linesOf(request) }] : []));
  const nearest = candidates.toSorted((a, b) => likeness(b) - likeness(a))[0];
  if (nearest === undefined) return [`asked by ${role}; no request to ${asked.path} was recorded`];
  return [`asked by ${role}; the nearest that was recorded is exchange ${nearest.number}, of ${nearest.role}`, ...differenceOf(nearest.lines, lines)];
}

/** By the words that its prompt begins with: a provider's request names no role of ours. */
function roleOf({ body }: ModelRequestSent): string {
  const texts = linesOf({ path: '', body }).map(({ text }) => text);
  const role = Object.entries(ROLE_TEMPLATES).find(([, template]) => {
    const [head = ''] = template.split(/\{\{|\n/);
    return texts.some((text) => text.startsWith(head));
  })?.[0];
  return role === undefined ? 'no role that is known' : `the ${role}`;
}

interface Line {
  /** Where it stands in the body: `messages[1].content`. */
  readonly place: string;
  /** Which line of a text of several. */
  readonly number: number | null;
  readonly text: string;
}

interface Change extends Line {
  readonly sign: '-' | '+';
}

function differenceOf(recorded: readonly Line[], asked: readonly Line[]): readonly string[] {
  const [had, has] = [new Set(recorded.map(keyOf)), new Set(asked.map(keyOf))];
  const gone = recorded.filter((line) => !has.has(keyOf(line)));
  const added = asked.filter((line) => !had.has(keyOf(line)));
  if (gone.length + added.length === 0) return ['the same lines were recorded, in another order or number'];
  const changes = [...gone.map((line, at): Change => ({ ...line, sign: '-', text: aroundDifference(line.text, added[at]?.text) })), ...added.map((line, at): Change => ({ ...line, sign: '+', text: aroundDifference(line.text, gone[at]?.text) }))];
  const shown = interleaved(gone.length, added.length).slice(0, LINES_SHOWN_MAX).flatMap((at) => changes[at] ?? []);
  const rest = changes.length > shown.length ? [`… and ${changes.length - shown.length} more lines`] : [];
  const said = [...Map.groupBy(shown, ({ place }) => place)].flatMap(([place, each]) => [`in ${printableLines(place)}${each[0]?.number ? `, line ${each[0].number}` : ''}`, ...each.map(({ sign, text }) => `${sign} ${text}`)]);
  return ['- recorded, + asked now:', ...said, ...rest];
}

/** What came before a line in a list is another difference; and the mark around untrusted text is made from that text and says no more. */
const keyOf = ({ place, text }: Line): string => `${place.replaceAll(/\[\d+\]/g, '[]')}\n${text.replace(/^(<\/?untrusted .*?mark=")[0-9a-f]{16}(">)$/, '$1$2')}`;

/** Positions of what is gone and what was added, by turns: a cap on lines must not hide one side. */
const interleaved = (gone: number, added: number): readonly number[] =>
  Array.from({ length: Math.max(gone, added) }, (_, at) => [...(at < gone ? [at] : []), ...(at < added ? [gone + at] : [])]).flat();

/** A line cut to what is shown, from shortly before where it differs from its counterpart. */
function aroundDifference(line: string, counterpart: string | undefined): string {
  let same = 0;
  while (same < line.length && line[same] === counterpart?.[same]) same++;
  const from = same > LINE_CHARACTERS_MAX / 2 ? same - LINE_CHARACTERS_MAX / 4 : 0;
  const shown = line.slice(from, from + LINE_CHARACTERS_MAX);
  return printableLines(`${from > 0 ? '…' : ''}${shown}${from + LINE_CHARACTERS_MAX < line.length ? '…' : ''}`);
}

/** The body's values, one a line with its place; a text of several lines as these lines. */
function linesOf({ body }: ModelRequestSent): readonly Line[] {
  const lines: Line[] = [];
  const visit = (value: unknown, place: string): void => {
    if (typeof value === 'string') value.split('\n').forEach((text, index, all) => lines.push({ place, number: all.length > 1 ? index + 1 : null, text }));
    else if (Array.isArray(value)) value.forEach((each, index) => visit(each, `${place}[${index}]`));
    else if (typeof value === 'object' && value !== null) for (const [name, each] of Object.entries(value)) visit(each, place === '' ? name : `${place}.${name}`);
    else lines.push({ place, number: null, text: JSON.stringify(value) ?? 'nothing' });
  };
  visit(body, '');
  return lines;
}
