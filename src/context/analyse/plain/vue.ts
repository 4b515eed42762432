import { createLineCounter } from '../declarations.ts';
import type { Capture } from '../../parse/parser.ts';

const OPENING = /^<script((?:\s+[\w:@.-]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[\w./-]+))?)*)\s*>/;

/**
 * The scripts of a Vue file, as the grammar's query gives them: a tag, then its text. Null leaves the file to the grammar: when a tag
 * of this name does not begin a line, or in a comment that does not end.
 */
export function plainScripts(text: string): readonly Capture[] | null {
  const lineAt = createLineCounter(text);
  const captures: Capture[] = [];
  let end = 0;
  for (const { index, 0: found } of text.matchAll(/<!--|<\/?script\b/gi)) {
    if (index < end) continue;
    if (found === '<!--') {
      const close = text.indexOf('-->', index);
      if (close < 0) return null;
      end = close + 3;
      continue;
    }
    const opening = index > 0 && text[index - 1] !== '\n' ? null : OPENING.exec(text.slice(index, index + 2_000));
    const start = index + (opening?.[0].length ?? 0);
    const close = text.indexOf('</script>', start);
    if (opening === null || close < 0 || /<\/script/i.test(text.slice(start, close))) return null;
    captures.push({ name: 'tag', start: index, end: start, line: lineAt(index) }, { name: 'script', start, end: close, line: lineAt(start) });
    end = close + 9;
  }
  return captures;
}
