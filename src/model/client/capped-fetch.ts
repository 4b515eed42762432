import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { Readable } from 'node:stream';

/** Largest answer that is read, in bytes: far beyond what the largest output of any model takes. */
export const ANSWER_BYTES_MAX = 32 * 1024 * 1024;

/** How much of the answer under way has arrived, for those who wait for it. */
export interface Traffic {
  receivedBytes: number;
}

interface FetchOptions {
  readonly traffic?: Traffic;
  /** Added to every address behind its path, without the `?`: an address's own query is no part of the path that a client adds to. */
  readonly query?: string;
}

const BODILESS: ReadonlySet<number> = new Set([204, 205, 304]);

/**
 * `fetch` for a model's provider. An answer that does not end is cut off instead of filling the memory; no redirect is
 * followed: it would carry the key elsewhere. Unlike the built-in one it has no time-out of its own, which would end and
 * repeat a call that may take longer: only the caller's signal ends it.
 */
export function createProviderFetch({ traffic = { receivedBytes: 0 }, query = '' }: FetchOptions = {}): typeof globalThis.fetch {
  return async (input, init) => {
    const asked = new Request(input, init);
    const url = new URL(asked.url);
    if (query !== '') url.search = url.search === '' ? `?${query}` : `${url.search}&${query}`;
    traffic.receivedBytes = 0;
    const message = await send(url, asked, await asked.text());
    const status = message.statusCode ?? 0;
    const headers = Object.entries(message.headers).flatMap(([name, value]): [string, string][] => (value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]]));
    if (BODILESS.has(status)) message.resume();
    return new Response(BODILESS.has(status) ? null : cappedBody(message, traffic), { status, headers });
  };
}

/** As `fetch` fails: a `TypeError` whose cause has the system's code. */
async function send(url: URL, { method, headers, signal }: Request, body: string): Promise<IncomingMessage> {
  const open = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const sent = open(url, { method, headers: { ...Object.fromEntries(headers), 'content-length': Buffer.byteLength(body) }, signal }, resolve);
    sent.on('error', (cause) => reject(signal.aborted ? cause : new TypeError('fetch failed', { cause })));
    sent.end(body);
  });
}

function cappedBody(message: IncomingMessage, traffic: Traffic): ReadableStream<Uint8Array<ArrayBuffer>> {
  const capped = async function* (): AsyncGenerator<Buffer> {
    for await (const chunk of message) {
      const bytes = Buffer.from(chunk);
      traffic.receivedBytes += bytes.byteLength;
      // Leaving the loop destroys the connection.
      if (traffic.receivedBytes > ANSWER_BYTES_MAX) throw new Error('the answer is too large');
      yield bytes;
    }
  };
  return ReadableStream.from(Readable.from(capped()));
}
