/** Content as text, only to look at it: bytes that are no UTF-8 show as U+FFFD. Null for a missing side and for binary content. */
export function decodeText(bytes: Uint8Array | null): string | null {
  return bytes === null || bytes.includes(0) ? null : new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

// A carriage return before the line feed belongs to the line's end; any other one hides what stands before it.
export const linesOf = (text: string): string[] => text.split(/\r?\n/);

/** The lines of the result that the base file does not have, with their numbers. A line that only moved is not new. */
export function newLines(oldText: string | null, newText: string): { readonly line: number; readonly text: string }[] {
  const known = new Set(oldText === null ? [] : linesOf(oldText));
  return linesOf(newText)
    .map((text, index) => ({ line: index + 1, text }))
    .filter(({ text }) => !known.has(text));
}
