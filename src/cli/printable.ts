import { codePointMark, oneLine } from '../domain/code-point.ts';
import { revealHidden } from '../policy/hidden-characters.ts';

const shown = (text: string): string => revealHidden(text.replaceAll(/[\f\r]/g, codePointMark), codePointMark);

/** Outside text for a terminal: one line, control and hidden characters shown as code points, so that it cannot draw or hide anything. */
export const printable = (text: string): string => shown(oneLine(text));

/** The same for text of several lines, such as a diff. */
export const printableLines = (text: string): string => text.split('\n').map((line) => shown(line.replaceAll('\t', '    '))).join('\n');
