/** A line is shown without a break on a run's page: what stands beyond is seen by whoever scrolls there. */
const COLUMNS_MAX = 400;
const GAP = /\p{Zs}{80,}[^\p{Zs}\r]|\t{20,}[^\t\r]/u;
const LINES_MAX = 20;

/**
 * Added lines of a canonical diff that go on where a reader who does not scroll sees nothing: after a wide gap, or far to the
 * right. As `path:line` of the result, at most 20, with how many there are.
 */
export function farText(diff: string): { readonly places: readonly string[]; readonly count: number } {
  const places: string[] = [];
  let count = 0;
  let path = '';
  let [line, oldLeft, newLeft] = [0, 0, 0];
  for (const text of diff.split('\n')) {
    // Within a hunk its counts say what a line is: an added line may look like a header.
    if (oldLeft === 0 && newLeft === 0) {
      const hunk = /^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(text);
      if (hunk) [oldLeft, line, newLeft] = [Number(hunk[1] ?? 1), Number(hunk[2]), Number(hunk[3] ?? 1)];
      else path = /^\+\+\+ (.+?)\t?$/.exec(text)?.[1]?.replace(/^("?)b\//, '$1') ?? path;
      continue;
    }
    const sign = text[0];
    if (sign === '\\') continue;
    if (sign !== '+') oldLeft -= 1;
    if (sign === '-') continue;
    newLeft -= 1;
    if (sign === '+' && (text.length > COLUMNS_MAX || GAP.test(text))) {
      count += 1;
      if (places.length < LINES_MAX) places.push(`${path}:${line}`);
    }
    line += 1;
  }
  return { places, count };
}
