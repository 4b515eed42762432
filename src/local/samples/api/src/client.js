import { backoffMs } from './backoff.js';
import { ApiError, RateLimitError } from './errors.js';

const TRIES = 3;
const RETRIED = new Set([429, 502, 503, 504]);

/** A client for one service. `fetch` and `sleep` can be replaced in tests. */
export function createClient({ baseUrl, fetch = globalThis.fetch, sleep = wait }) {
  return {
    /** Sends a GET request and gives the JSON answer. Retries what may pass by itself. */
    async request(path) {
      for (let attempt = 1; ; attempt += 1) {
        const response = await fetch(new URL(path, baseUrl));
        if (response.ok) return response.json();
        if (!RETRIED.has(response.status) || attempt === TRIES) throw toError(response);
        await sleep(backoffMs(attempt));
      }
    },
  };
}

function toError(response) {
  if (response.status === 429) return new RateLimitError('Too many requests');
  return new ApiError(response.status, `The service answered ${response.status}`);
}

function wait(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
