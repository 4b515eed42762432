const STOP = new Set(
  ('a an and are as at be been but by can could did do does for from had has have how if in into is it its may more must no not now of on or our out should so some ' +
    'such than that the their them then there these they this to too up use used uses using was we were what when where which while who why will with would you your').split(' '),
);

/**
 * Words for the ranking: identifiers whole and in their parts (`readHttpBody`, `read`, `http`, `body`), lower case,
 * without the commonest English words. A plural's `s` is cut so that an issue's "clients" meets `client`.
 */
export function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  for (const [word] of text.matchAll(/[\p{L}\p{N}_$]{2,80}/gu)) {
    const parts = word.split(/[_$]+|(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u).filter((part) => part.length > 1);
    if (parts.length !== 1) push(tokens, word);
    for (const part of parts) push(tokens, part);
  }
  return tokens;
}

function push(tokens: string[], word: string): void {
  const lower = word.toLowerCase();
  if (STOP.has(lower)) return;
  tokens.push(lower.length > 3 && lower.endsWith('s') && !lower.endsWith('ss') ? lower.slice(0, -1) : lower);
}
