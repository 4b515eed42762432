/** Outside text for a terminal: one line, control and hidden characters shown as code points, so that it cannot draw or hide anything. */
export const printable = (text: string): string =>
  text.replaceAll(/\s+/g, ' ').replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}]/gu, (character) => `⟨U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0') ?? ''}⟩`);

/** The same for text of several lines, such as a diff. */
export const printableLines = (text: string): string => text.split('\n').map((line) => line.replaceAll('\t', '    ').replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}]/gu, (character) => `⟨U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0') ?? ''}⟩`)).join('\n');
