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
  const differing = [...nearest.filter((line) => !has.has(line)).map((line) => `- ${line}`), ...lines.filter((line) => !had.has(line)).map((line) => `+ ${line}`)];
  const rest = differing.length > LINES_SHOWN_MAX ? [`… and ${differing.length - LINES_SHOWN_MAX} more lines`] : [];
  return ['- recorded, + asked now:', ...differing.slice(0, LINES_SHOWN_MAX).map((line) => line.slice(0, LINE_CHARACTERS_MAX)), ...rest];
}

const shared = (lines: readonly string[], other: readonly string[]): number => {
  const known = new Set(other);
  return lines.filter((line) => known.has(line)).length;
};

/** The body, one value a line; a text of several lines as these lines. */
const linesOf = ({ body }: ModelRequestSent): readonly string[] => JSON.stringify(body, null, 1).split('\n').flatMap((line) => line.trim().split('\\n'));
