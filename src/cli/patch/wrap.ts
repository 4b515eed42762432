/** Breaks a sentence at spaces so that no line is wider than `width`, the further lines indented. A word that is wider stays whole. */
export function wrap(text: string, { width, first, rest }: { width: number; first: string; rest: string }): string[] {
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  for (const word of text.split(' ')) {
    if (!isEmpty && line.length + 1 + word.length > width) {
      lines.push(line);
      line = rest;
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line];
}
