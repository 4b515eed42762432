import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { inputError } from '../../../domain/errors.ts';
import { createProviderFetch } from '../../../model/client/capped-fetch.ts';
import { withoutKeys } from '../../../model/client/key-form.ts';
import { systemReason } from '../../system-reason.ts';
import { describeMiss } from './difference.ts';
import { countExchanges, keepExchange, requestKey, type Exchange } from './store.ts';

/** A model's address on loopback that keeps what goes through it, or answers from what was kept. */
export interface TranscriptServer {
  readonly url: string;
  close(): Promise<void>;
}

export type Transcript =
  /** Passes every request on, with its headers, and keeps both bodies. Headers are never kept: the key is one. */
  | { readonly kind: 'record'; readonly dir: string; readonly upstreams: Upstreams; /** What kept an answer from coming or from being kept, in our own words. */ readonly onTrouble: (sentence: string) => void }
  /** Makes no call. A request that was not recorded is answered 404, and how it differs is told. */
  | { readonly kind: 'replay'; readonly exchanges: readonly Exchange[]; readonly onMiss: (lines: readonly string[]) => void };

/** Where requests go on to: by the first segment of their path, which is taken off, or to the main address. */
export interface Upstreams {
  readonly main: string;
  readonly byFirstSegment: Readonly<Record<string, string>>;
}

const REQUEST_BYTES_MAX = 64 * 1024 * 1024;
/** What a provider's client needs to hear; everything else is between the two of them. */
const PASSED_ON = ['authorization', 'api-key', 'x-api-key', 'x-goog-api-key', 'anthropic-version', 'anthropic-beta', 'content-type', 'accept'];

type Answerer = (request: Exchange['request'], headers: IncomingMessage['headers'], signal: AbortSignal) => Promise<Exchange['response']>;

/** Listens on loopback; `port` 0 takes any free one. Rejects with an `input` error when the port is taken. */
export async function startTranscriptServer(transcript: Transcript, port: number): Promise<TranscriptServer> {
  const answer = transcript.kind === 'record' ? recorder(transcript, await countExchanges(transcript.dir)) : replayer(transcript);
  const onTrouble = transcript.kind === 'record' ? transcript.onTrouble : () => undefined;
  const server = createServer((request, response) => void serve(request, response, { answer, onTrouble }));
  await new Promise<void>((resolve, reject) => {
    server.once('error', () => reject(inputError('port-taken', `The model's address on port ${port} is taken. End what listens there, or start again in a new directory.`)));
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : port}`, close };
}

async function serve(request: IncomingMessage, response: ServerResponse, { answer, onTrouble }: { answer: Answerer; onTrouble: (sentence: string) => void }): Promise<void> {
  // Who asked has given up: so does what was passed on.
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  try {
    if (Number(request.headers['content-length'] ?? 0) > REQUEST_BYTES_MAX) throw new Error('the request is too large');
    const body: unknown = JSON.parse((await buffer(request)).toString('utf8'));
    const { status, contentType, retryAfter, body: text } = await answer({ path: request.url ?? '/', body }, request.headers, gone.signal);
    response.writeHead(status, { 'content-type': contentType, ...(retryAfter === null ? {} : { 'retry-after': retryAfter }) }).end(text);
  } catch (error) {
    // As if the provider could not be reached; what really failed is told to who records.
    if (!gone.signal.aborted) onTrouble(`no answer of the provider came: ${troubleOf(error)}`);
    response.destroy();
  }
}

/** A code of the system, or our own words; never the provider's. */
function troubleOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code.slice(0, 100) : error === NO_REDIRECT ? NO_REDIRECT.message : 'the connection broke';
}

const NO_REDIRECT = new Error('it redirects, and the key follows no redirect');

function recorder({ dir, upstreams, onTrouble }: Extract<Transcript, { kind: 'record' }>, before: number): Answerer {
  let number = before;
  return async (request, headers, signal) => {
    const passed: Record<string, string> = {};
    for (const name of PASSED_ON) if (typeof headers[name] === 'string') passed[name] = headers[name];
    const { base, query, path } = routed(upstreams, request.path);
    const answered = await createProviderFetch({ query })(`${base}${path}`, { method: 'POST', headers: passed, body: JSON.stringify(request.body), signal });
    if (answered.status >= 300 && answered.status < 400) throw NO_REDIRECT;
    const response = { status: answered.status, contentType: answered.headers.get('content-type') ?? 'application/json', retryAfter: retryAfterOf(answered.headers), body: await answered.text() };
    number += 1;
    // An answer that was paid for is not lost with the space to keep it.
    await keepExchange(dir, number, withoutSecrets({ request, response }, secretsOf(passed, query))).catch((error: unknown) => onTrouble(`answer ${number} cannot be kept in ${dir}: ${systemReason(error)}. The transcript is not whole, and --replay will refuse it or miss that answer.`));
    return response;
  };
}

function routed({ main, byFirstSegment }: Upstreams, asked: string): { base: string; query: string; path: string } {
  const [, first = '', rest = ''] = /^\/([^/]*)(.*)$/.exec(asked) ?? [];
  const own = Object.hasOwn(byFirstSegment, first) ? byFirstSegment[first] : undefined;
  const [base = '', query = ''] = (own ?? main).split('?');
  return { base: base.replace(/\/+$/, ''), query, path: own === undefined ? asked : rest };
}

/** In seconds, wherever the provider says it to the millisecond. */
const retryAfterOf = (headers: Headers): string | null => {
  const precise = Number(headers.get('retry-after-ms') ?? Number.NaN);
  return Number.isFinite(precise) && precise >= 0 ? String(precise / 1_000) : headers.get('retry-after');
};

function replayer({ exchanges, onMiss }: Extract<Transcript, { kind: 'replay' }>): Answerer {
  const byKey = Map.groupBy(exchanges, ({ request }) => requestKey(request));
  const used = new Map<string, number>();
  return async (request) => {
    const key = requestKey(request);
    const at = used.get(key) ?? 0;
    used.set(key, at + 1);
    // The same question asked again (a job that was repeated) gets the last answer again.
    const found = byKey.get(key)?.[at] ?? byKey.get(key)?.at(-1);
    if (found) return found.response;
    onMiss(describeMiss(request, exchanges));
    return { status: 404, contentType: 'application/json', retryAfter: null, body: '{"error":{"code":"not_in_transcript","message":"not in the transcript"}}' };
  };
}

/** The keys that a request carries: in its headers, or in the address as some gateways want it. */
function secretsOf(headers: Readonly<Record<string, string>>, query: string): readonly string[] {
  const inHeaders = ['authorization', 'api-key', 'x-api-key', 'x-goog-api-key'].map((name) => (headers[name] ?? '').replace(/^Bearer /, ''));
  const inAddress = [...new URLSearchParams(query)].filter(([name]) => name !== 'api-version').map(([, value]) => value);
  return [...inHeaders, ...inAddress];
}

/** An issue, a file or a provider may hold the key; a transcript never does. */
function withoutSecrets({ request, response }: Exchange, secrets: readonly string[]): Exchange {
  const clean = (text: string): string => withoutKeys(text, secrets);
  const body: unknown = JSON.parse(clean(JSON.stringify(request.body)));
  return {
    request: { path: clean(request.path), body },
    response: { ...response, contentType: clean(response.contentType), retryAfter: response.retryAfter === null ? null : clean(response.retryAfter), body: clean(response.body) },
  };
}
