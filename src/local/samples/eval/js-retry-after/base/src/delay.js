const DEFAULT_MS = 200;

/** How long to wait before the next try, in milliseconds. */
export function delayOf(headers) {
  const after = headers['retry-after'];
  if (after === undefined) return DEFAULT_MS;
  return Number(after);
}
