/** Largest answer that is read, in bytes: far beyond what the largest output of any model takes. */
export const ANSWER_BYTES_MAX = 32 * 1024 * 1024;

/** `fetch`, but an answer that does not end is cut off instead of filling the memory, and no redirect is followed: it would carry the key elsewhere. */
export const cappedFetch: typeof globalThis.fetch = async (input, init) => {
  const response = await globalThis.fetch(input, { ...init, redirect: 'manual' });
  if (response.body === null) return response;
  let bytes = 0;
  const capped = response.body.pipeThrough(
    new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform(chunk, controller) {
        bytes += chunk.byteLength;
        if (bytes > ANSWER_BYTES_MAX) controller.error(new Error('the answer is too large'));
        else controller.enqueue(chunk);
      },
    }),
  );
  return new Response(capped, { status: response.status, statusText: response.statusText, headers: response.headers });
};
