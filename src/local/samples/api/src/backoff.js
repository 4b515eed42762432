const BASE_MS = 200;
const MAX_MS = 10_000;

/** How long to wait before try number `attempt` (1, 2, …), in milliseconds. */
export function backoffMs(attempt) {
  return Math.min(BASE_MS * 2 ** (attempt - 1), MAX_MS);
}
