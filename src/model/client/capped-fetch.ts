import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { pipeline, Readable, type Duplex } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';

/** Largest answer that is read, in bytes: far beyond what the largest output of any model takes. */
export const ANSWER_BYTES_MAX = 32 * 1024 * 1024;
/** The error code of an answer beyond that. */
export const ANSWER_TOO_LARGE = 'ANSWER_TOO_LARGE';
/** How long an address may take to accept a connection, with its encryption, in milliseconds. An answer may take as long as the caller says. */
const CONNECT_MS_MAX = 20_000;

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
/** Answers are asked for as they are; some servers and proxies compress all the same. */
const DECODERS: Readonly<Record<string, () => Duplex>> = { gzip: createGunzip, 'x-gzip': createGunzip, br: createBrotliDecompress, deflate: createInflate, zstd: createZstdDecompress };

/**
 * `fetch` for a model's provider. An answer that does not end is cut off instead of filling the memory; no redirect is
 * followed: it would carry the key elsewhere. Unlike the built-in one it has no time-out of its own, which would end and
 * repeat a call that may take longer: only the caller's signal ends it.
 */
export function createProviderFetch({ traffic = { receivedBytes: 0 }, query = '' }: FetchOptions = {}): typeof globalThis.fetch {
  return async (input, init) => {
    // The caller's signal itself: a Request's own one follows it only until the next garbage collection.
    const signal = init?.signal ?? undefined;
    const asked = new Request(input, { ...init, signal: null });
    const url = new URL(asked.url);
    if (query !== '') url.search = url.search === '' ? `?${query}` : `${url.search}&${query}`;
    traffic.receivedBytes = 0;
    const message = await send(url, { asked, body: await asked.text(), signal });
    const status = message.statusCode ?? 0;
    const headers = Object.entries(message.headers).flatMap(([name, value]): [string, string][] => (value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]]));
    if (BODILESS.has(status)) message.resume();
    return new Response(BODILESS.has(status) ? null : cappedBody(message, traffic), { status, headers });
  };
}

/** As `fetch` fails: a `TypeError` whose cause has the system's code. */
async function send(url: URL, { asked, body, signal }: { asked: Request; body: string; signal: AbortSignal | undefined }): Promise<IncomingMessage> {
  const open = url.protocol === 'https:' ? requestHttps : requestHttp;
  // No connection is kept: one that the server has closed meanwhile would break the next call.
  const headers = { 'accept-encoding': 'identity', connection: 'close', ...Object.fromEntries(asked.headers), 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const sent = open(url, { method: asked.method, headers, ...(signal ? { signal } : {}) }, resolve);
    sent.on('error', (cause) => reject(signal?.aborted === true ? cause : new TypeError('fetch failed', { cause })));
    sent.on('socket', (socket) => {
      if (!socket.connecting) return;
      const unanswered = setTimeout(() => sent.destroy(Object.assign(new Error('no connection'), { code: 'ETIMEDOUT' })), CONNECT_MS_MAX);
      for (const event of [url.protocol === 'https:' ? 'secureConnect' : 'connect', 'close']) socket.once(event, () => clearTimeout(unanswered));
    });
    sent.end(body);
  });
}

function cappedBody(message: IncomingMessage, traffic: Traffic): ReadableStream<Uint8Array<ArrayBuffer>> {
  const capped = async function* (): AsyncGenerator<Buffer> {
    for await (const chunk of decoded(message)) {
      const bytes = Buffer.from(chunk);
      traffic.receivedBytes += bytes.byteLength;
      // Leaving the loop destroys the connection.
      if (traffic.receivedBytes > ANSWER_BYTES_MAX) throw Object.assign(new Error('the answer is too large'), { code: ANSWER_TOO_LARGE });
      yield bytes;
    }
  };
  return ReadableStream.from(Readable.from(capped()));
}

function decoded(message: IncomingMessage): Readable {
  const encoding = message.headers['content-encoding']?.trim().toLowerCase() ?? '';
  const decoder = Object.hasOwn(DECODERS, encoding) ? DECODERS[encoding]?.() : undefined;
  // Who reads the decoder hears of every failure there.
  return decoder ? pipeline(message, decoder, () => undefined) : message;
}
