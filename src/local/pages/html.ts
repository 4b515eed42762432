// HTML that cannot be forgotten to escape: only what this file made itself goes in unescaped.

import { codePointMark } from '../../domain/code-point.ts';

export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Content = Html | string | number | null | undefined | false | readonly Content[];

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escapeText = (text: string): string => text.replaceAll(/[&<>"']/g, (letter) => ESCAPES[letter] ?? letter);

/** Characters that show nothing or turn text around: controls, zero widths, bidirectional marks, tags. */
const HIDDEN = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

/** Writes hidden characters out, so that a reader sees that they are there. */
export const reveal = (text: string): string => text.replaceAll('\r\n', '\n').replaceAll(HIDDEN, codePointMark);

function render(content: Content): string {
  if (content instanceof Html) return content.text;
  if (typeof content === 'string') return escapeText(reveal(content));
  if (typeof content === 'number') return String(content);
  return Array.isArray(content) ? content.map(render).join('') : '';
}

/** A template whose values are escaped, whatever they are. */
export function html(parts: TemplateStringsArray, ...values: Content[]): Html {
  return new Html(parts.map((part, index) => part + (index < values.length ? render(values[index]) : '')).join(''));
}

/** Marks text as HTML that is safe already. Only for the output of a renderer that escapes. */
export const trusted = (text: string): Html => new Html(text);

/** A path for an `href`, each part encoded. */
export const link = (...parts: (string | number)[]): string => `/${parts.map((part) => String(part).split('/').map(encodeURIComponent).join('/')).join('/')}`;
