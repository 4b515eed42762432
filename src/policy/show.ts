import { codePointMark } from '../domain/code-point.ts';

const LENGTH_MAX = 300;
// Everything that a terminal, a page or an eye can be fooled with: controls, format and private characters, unpaired
// surrogates, separators other than the plain space, and characters that are drawn as nothing.
const UNSAFE = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?! )\p{Zs}/gu;

/** Text that was written by others, safe to put into a sentence: every invisible or control character as `⟨U+XXXX⟩`, cut visibly. */
export function showText(text: string, lengthMax = LENGTH_MAX): string {
  const shown = text.slice(0, lengthMax).replaceAll(UNSAFE, codePointMark);
  // Escapes are longer than what they stand for, so what is shown is measured once more.
  const isCut = text.length > lengthMax || shown.length > lengthMax;
  return isCut ? `${shown.slice(0, lengthMax)}… (${text.length} characters)` : shown;
}

/** A path in a sentence. An empty one is named, so that no sentence has a hole. */
export const showPath = (path: string): string => (path === '' ? '(empty path)' : showText(path));
