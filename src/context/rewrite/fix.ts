import type { RuleMatch, VariableValue } from './engine.ts';
import { VARIABLE } from './rule.ts';

/**
 * What comes in a match's place: the fix with its variables filled in. Text of several lines moves with the line that it
 * comes to, as ast-grep has it: it loses the indentation of where it stood and gets that of where it goes.
 */
export function fillFix(fix: string, match: RuleMatch, source: string): string {
  const newline = /\r\n/.test(source) && !/(?<!\r)\n/.test(source) ? '\r\n' : '\n';
  const filled = fix.replace(/\r\n/g, '\n').replace(VARIABLE, (_, several: string | undefined, one: string | undefined, at: number) => valueText(match.variables.get(several ?? one ?? ''), source, indentationAt(fix, at)));
  return indentRest(filled, indentationAt(source, match.start)).replace(/\r?\n/g, newline);
}

function valueText(value: VariableValue | undefined, source: string, indentation: string): string {
  if (value === undefined) return '';
  if (value.kind === 'text') return indentRest(value.text, indentation);
  const was = indentationAt(source, value.start);
  const lines = source.slice(value.start, value.end).split('\n');
  const moved = lines.map((line, index) => (index > 0 && line.startsWith(was) ? line.slice(was.length) : line)).join('\n');
  return indentRest(moved, indentation);
}

/** The blanks that the line of an offset begins with. */
function indentationAt(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start, offset))?.[0] ?? '';
}

const indentRest = (text: string, indentation: string): string => (indentation === '' ? text : text.split('\n').map((line, index) => (index === 0 || line.trim() === '' ? line : indentation + line)).join('\n'));
