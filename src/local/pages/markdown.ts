// Markdown as GitHub shows it in step summaries and issues, with everything that could mislead left out: no HTML but folds, no images, no other schemes.
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import type { Options } from 'micromark';
import { reveal, trusted } from './html.ts';
import type { Html } from './html.ts';

type HtmlExtension = NonNullable<Options['htmlExtensions']>[number];

const MARKDOWN_CHARACTERS_MAX = 2_000_000;
const FOLD_TAG = /<(\/?(?:details|summary)|details open|br ?\/?)>/gi;

/** A comment on a line of its own, which GitHub does not show either. */
const COMMENT = /^\s*<!--(?:(?!-->)[^\n])*-->\s*$/;

/** Lets a line pass whose only tags are those of a fold; escapes every other line whole. */
function foldLine(line: string, encode: (text: string) => string): string {
  if (COMMENT.test(line)) return '';
  if (/[<>]/.test(line.replaceAll(FOLD_TAG, ''))) return encode(line);
  return line.split(FOLD_TAG).map((part, index) => (index % 2 === 1 ? `<${part.toLowerCase()}>` : encode(part))).join('');
}

/** The only HTML that passes: a fold around a part of the text. Anything else stays visible as text. */
const foldsOnly: HtmlExtension = {
  exit: {
    htmlFlowData(token) {
      this.raw(foldLine(this.sliceSerialize(token), (text) => this.encode(text)));
    },
    htmlTextData(token) {
      const text = this.sliceSerialize(token);
      if (!COMMENT.test(text)) this.raw(/^<br ?\/?>$/i.test(text) ? '<br>' : this.encode(text));
    },
    // An image would call out to wherever the text says: its words are shown instead.
    image(token) {
      this.raw(this.encode(this.sliceSerialize(token)));
    },
  },
};

function colourDiff(code: string): string {
  const classOf = (line: string): string => (/^(diff |index |\+\+\+|---)/.test(line) ? 'meta' : line.startsWith('@@') ? 'hunk' : line.startsWith('+') ? 'add' : line.startsWith('-') ? 'del' : '');
  return code.split('\n').map((line) => (classOf(line) === '' ? line : `<span class="${classOf(line)}">${line}</span>`)).join('\n');
}

/** Renders untrusted Markdown. Long text is cut with a sentence that says so. */
export function markdown(source: string): Html {
  const cut = source.length > MARKDOWN_CHARACTERS_MAX;
  const text = reveal(cut ? `${source.slice(0, MARKDOWN_CHARACTERS_MAX)}\n\n*This text is too long to be shown in full.*` : source);
  const rendered = micromark(text, { extensions: [gfm()], htmlExtensions: [gfmHtml(), foldsOnly] });
  const safe = rendered
    .replaceAll(/<a href="/g, '<a rel="noopener noreferrer nofollow" href="')
    .replaceAll(/<pre><code class="language-diff">([\s\S]*?)<\/code><\/pre>/g, (_, code: string) => `<pre class="diff"><code>${colourDiff(code)}</code></pre>`);
  return trusted(`<div class="markdown">${safe}</div>`);
}
