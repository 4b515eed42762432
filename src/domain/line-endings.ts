/**
 * A text with line feeds where every line ends in CRLF, which is an editor's or a browser's way. A text that has line
 * feeds of its own is left as it is: its carriage returns are content, such as a diff for a file with CRLF.
 */
export const withLineFeeds = (text: string): string => (/(?<!\r)\n/.test(text) ? text : text.replaceAll('\r\n', '\n'));
