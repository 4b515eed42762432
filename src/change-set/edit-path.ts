import type { Fence } from './markdown-fences.ts';
import { assertPath } from './check-path.ts';
import { byteStringOf } from './lossless-text.ts';
import { PatchFault } from './failure.ts';
import { opensPair } from './search-pairs.ts';

/** What a plain block (without attributes) says about itself. */
export interface PlainBlock {
  readonly path: string;
  /** The lines after the path line, if it is the first one. */
  readonly lines: readonly string[];
  readonly skipped: number;
}

/**
 * Reads the widespread plain form: the path is the line before the fence, or the first line in it. Null when the block
 * has no SEARCH line where one belongs, so that it is some other code.
 */
export function parsePlainBlock(fence: Fence): PlainBlock | null {
  const first = fence.lines.findIndex((line) => line.trim() !== '');
  const opensAt = fence.lines.findIndex((line, index) => index >= first && opensPair(line));
  const between = fence.lines.slice(first + 1, Math.max(first + 1, opensAt)).some((line) => line.trim() !== '');
  // Elsewhere than in the first or second line, or behind another fence, it is an example in some text.
  if (opensAt < 0 || between || /^(?:`{3}|~{3})/u.test(fence.lines[first] ?? '')) return null;
  const inside = opensAt === first ? null : pathIn(fence.lines[first] ?? '');
  const outside = fence.above === null || fence.line - fence.above.line > 2 ? null : pathIn(fence.above.text);
  if (inside !== null && outside !== null && inside !== outside) {
    throw new PatchFault('ambiguous-path', `The block at line ${fence.line} names two paths, one above it and one in its first line. Write \`\`\`search/replace path=… instead.`);
  }
  const path = inside ?? outside;
  if (path === null) throw new PatchFault('no-path', `The block at line ${fence.line} does not say which file it changes. Write \`\`\`search/replace path=src/a.ts.`);
  assertPath(byteStringOf(path));
  const skipped = inside === null ? 0 : first + 1;
  return { path, lines: fence.lines.slice(skipped), skipped };
}

/** The path that a line names: the line itself, or its only code span. Null when it is prose. */
function pathIn(line: string): string | null {
  const spans = [...line.matchAll(/`([^`]+)`/gu)].map((match) => match[1] ?? '');
  const bare = spans.length === 1 ? (spans[0] ?? '') : line.trim().replace(/^(?:#+|[-*]|\/\/|\d+\.)\s+/u, '').replace(/^\*\*(.*)\*\*:?$/u, '$1').replace(/:$/u, '');
  return /^[^\s`*<>|"]+$/u.test(bare) && /[./]/u.test(bare) && !/^(?:https?:|\.+$)/u.test(bare) ? bare : null;
}
