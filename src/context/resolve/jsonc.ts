/** JSON with comments and trailing commas, as `tsconfig.json` has it. Throws what `JSON.parse` throws. */
export function parseJsonc(text: string): unknown {
  const bare = without(text.replace(/^\uFEFF/, ''), /"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g);
  return JSON.parse(without(bare, /"(?:[^"\\\n]|\\.)*"|,(?=\s*[}\]])/g));
}

/** Cuts out what matches; strings are matched too, so that nothing inside one is taken for a comment or a comma. */
const without = (text: string, pattern: RegExp): string => text.replace(pattern, (match) => (match.startsWith('"') ? match : ' '));
