/** A code point as people write it: `U+202E`. */
export const codePointName = (character: string): string => `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

/** What stands for a character that is not seen, wherever outside text is shown: `⟨U+202E⟩`. */
export const codePointMark = (character: string): string => `⟨${codePointName(character)}⟩`;

/** Text on one line: blanks become plain spaces, so that a mark of what else stands there is left to who shows it. */
export const oneLine = (text: string): string => text.replaceAll(/[\t\n\v\f\r\p{Zs}]+/gu, ' ');
