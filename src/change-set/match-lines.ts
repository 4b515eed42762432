/** Every place (0-based line) where `search` stands in `lines` as whole lines. Linear in both. */
export function findAll(lines: readonly string[], search: readonly string[]): number[] {
  if (search.length === 0) return [];
  const border = borders(search);
  const places: number[] = [];
  let matched = 0;
  lines.forEach((line, index) => {
    while (matched > 0 && line !== search[matched]) matched = border[matched - 1] ?? 0;
    if (line === search[matched]) matched += 1;
    if (matched === search.length) {
      places.push(index - search.length + 1);
      matched = border[matched - 1] ?? 0;
    }
  });
  return places;
}

// For each prefix, how long its longest proper border is (Knuth, Morris and Pratt).
function borders(search: readonly string[]): number[] {
  const border = [0];
  let length = 0;
  for (let index = 1; index < search.length; index += 1) {
    while (length > 0 && search[index] !== search[length]) length = border[length - 1] ?? 0;
    if (search[index] === search[length]) length += 1;
    border.push(length);
  }
  return border;
}
