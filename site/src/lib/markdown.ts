import { micromark } from 'micromark';
import { gfmTable, gfmTableHtml } from 'micromark-extension-gfm-table';
import { SafeHtml } from './html.ts';
import { visibleText } from './visible.ts';

/**
 * Renders hostile Markdown: HTML in it is shown as text, links keep only safe protocols, and pictures stay links, so
 * that nothing is ever loaded. Headings start at level 3, below the page's own; `top` is the level that the text begins with.
 */
export function renderMarkdown(text: string, top: 1 | 2 = 1): SafeHtml {
  const rendered = micromark(visibleText(text), {
    allowDangerousHtml: false,
    allowDangerousProtocol: false,
    extensions: [gfmTable(), { disable: { null: ['labelStartImage'] } }],
    htmlExtensions: [gfmTableHtml()],
  });
  // Text is escaped by now: a literal heading tag can only be one that the renderer made.
  return new SafeHtml(
    rendered
      .replace(/<(\/?)h([1-6])>/g, (_, slash: string, level: string) => `<${slash}h${Math.min(6, Math.max(3, Number(level) + 3 - top))}>`)
      .replaceAll('<table>', '<div class="scroll" tabindex="0" role="group" aria-label="Table"><table>')
      .replaceAll('</table>', '</table></div>'),
  );
}
