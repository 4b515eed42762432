import { printableLines } from '../../printable.ts';
import type { Exchange, ModelRequestSent } from './store.ts';

const LINES_SHOWN_MAX = 12;
const LINE_CHARACTERS_MAX = 160;

/** How a request differs from the recorded one that is most like it, in lines for people. */
export function describeMiss(asked: ModelRequestSent, recorded: readonly Exchange[]): readonly string[] {
  const lines = linesOf(asked);
  const candidates = recorded.filter(({ request }) => request.path === asked.path).map(({ request }) => linesOf(request));
  const nearest = candidates.toSorted((a, b) => shared(lines, b) - shared(lines, a))[0];
  if (nearest === undefined) return [`no request to ${asked.path} was recorded`];
  const [had, has] = [new Set(nearest), new Set(lines)];
  const [gone, added] = [nearest.filter((line) => !has.has(line)), lines.filter((line) => !had.has(line))];
  if (gone.length + added.length === 0) return ['the same lines were recorded, in another order or number'];
  const differing = [...gone.map((line, at) => `- ${aroundDifference(line, added[at])}`), ...added.map((line, at) => `+ ${aroundDifference(line, gone[at])}`)];
  const rest = differing.length > LINES_SHOWN_MAX ? [`… and ${differing.length - LINES_SHOWN_MAX} more lines`] : [];
  return ['- recorded, + asked now:', ...interleaved(gone.length, added.length).slice(0, LINES_SHOWN_MAX).flatMap((at) => differing[at] ?? []), ...rest];
}

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

const shared = (lines: readonly string[], other: readonly string[]): number => {
  const known = new Set(other);
  return lines.filter((line) => known.has(line)).length;
};

/** The body, one value a line; a text of several lines as these lines. */
const linesOf = ({ body }: ModelRequestSent): readonly string[] => JSON.stringify(body, null, 1).split('\n').flatMap((line) => line.trim().split('\\n'));
