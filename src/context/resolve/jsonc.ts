/** JSON with comments and trailing commas, as `tsconfig.json` has it. Throws what `JSON.parse` throws. */
export function parseJsonc(text: string): unknown {
  return JSON.parse(withoutExtras(text.replace(/^\uFEFF/, '')));
}

function withoutExtras(text: string): string {
  const parts: string[] = [];
  let from = 0;
  // Strings are matched first, so that nothing inside one is taken for a comment or a comma.
  for (const match of text.matchAll(/"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|,(?=(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*[}\]])/g)) {
    if (match[0].startsWith('"')) continue;
    parts.push(text.slice(from, match.index), ' ');
    from = match.index + match[0].length;
  }
  return [...parts, text.slice(from)].join('');
}
