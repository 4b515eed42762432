import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { ModelClient, ModelRequest } from '../../ports/model-client.ts';
import type { Price } from './prices.ts';
import { createProviderClient } from './provider-client.ts';

// A provider on loopback for tests: it speaks the wire formats as the providers' API references write them.

export const KEY = 'sk-test-0123456789';
export const PRICE: Price = { inputUsd: 3, outputUsd: 15, asOf: '2026-01-01', inputTokensMax: null };

export const REQUEST: ModelRequest = {
  role: 'triage', system: 'You judge.', prompt: 'An issue', maxOutputTokens: 100, temperature: 0, timeoutMs: 30_000,
  schema: { name: 'decision', jsonSchema: { type: 'object', properties: { verdict: { type: 'string' } }, required: ['verdict'], additionalProperties: false } },
};

export type Reply = (response: ServerResponse, request: IncomingMessage) => void;
export type WireName = 'anthropic' | 'openai' | 'google' | 'openai-compatible';
export type Ending = 'stop' | 'length' | 'refused';

export const json = (status: number, body: unknown, headers: Record<string, string> = {}): Reply => (response) => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
};

/** One wire format: where requests go, where the key stands, and what a finished answer looks like. Usage is always 10 in, 4 out. */
export const WIRES: Readonly<Record<WireName, { readonly path: string; readonly keyHeader: string; readonly key: string; readonly answer: (text: string, ending?: Ending) => Reply }>> = {
  anthropic: {
    path: '/v1/messages',
    keyHeader: 'x-api-key',
    key: KEY,
    answer: (text, ending = 'stop') => json(200, {
      id: 'msg_1', type: 'message', role: 'assistant', model: 'm-1', content: [{ type: 'text', text }], stop_sequence: null,
      stop_reason: { stop: 'end_turn', length: 'max_tokens', refused: 'refusal' }[ending], usage: { input_tokens: 10, output_tokens: 4 },
    }),
  },
  openai: {
    path: '/v1/responses',
    keyHeader: 'authorization',
    key: `Bearer ${KEY}`,
    answer: (text, ending = 'stop') => json(200, {
      id: 'resp_1', object: 'response', created_at: 1, model: 'm-1', status: ending === 'stop' ? 'completed' : 'incomplete', error: null,
      incomplete_details: ending === 'stop' ? null : { reason: ending === 'length' ? 'max_output_tokens' : 'content_filter' },
      output: [{ type: 'message', id: 'msg_1', role: 'assistant', status: 'completed', content: [{ type: 'output_text', text, annotations: [] }] }],
      usage: { input_tokens: 10, output_tokens: 4, total_tokens: 14 },
    }),
  },
  google: {
    path: '/v1/models/m-1:generateContent',
    keyHeader: 'x-goog-api-key',
    key: KEY,
    answer: (text, ending = 'stop') => json(200, {
      candidates: [{ content: { role: 'model', parts: [{ text }] }, finishReason: { stop: 'STOP', length: 'MAX_TOKENS', refused: 'SAFETY' }[ending], index: 0 }],
      usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 4, totalTokenCount: 14 }, modelVersion: 'm-1',
    }),
  },
  'openai-compatible': {
    path: '/v1/chat/completions',
    keyHeader: 'authorization',
    key: `Bearer ${KEY}`,
    answer: (text, ending = 'stop') => json(200, {
      id: 'c1', object: 'chat.completion', created: 1, model: 'm-1', usage: { prompt_tokens: 10, completion_tokens: 4, total_tokens: 14 },
      choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: { stop: 'stop', length: 'length', refused: 'content_filter' }[ending] }],
    }),
  },
};

export interface Asked {
  readonly url: string;
  readonly key: string | undefined;
  readonly body: unknown;
}

export interface LoopbackProvider {
  readonly client: ModelClient;
  /** Where it answers. */
  readonly url: string;
  readonly asked: readonly Asked[];
  /** How long the client waited between tries, in milliseconds; nothing really waits. */
  readonly waits: readonly number[];
  close(): Promise<void>;
}

/** Answers with one reply after the other, the last one again and again. */
export async function startProvider(wire: WireName, ...replies: readonly Reply[]): Promise<LoopbackProvider> {
  const asked: Asked[] = [];
  const waits: number[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
    request.on('end', () => {
      asked.push({ url: request.url ?? '', key: request.headers[WIRES[wire].keyHeader]?.toString(), body: JSON.parse(text) });
      replies[Math.min(asked.length, replies.length) - 1]?.(response, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const clock = { now: () => '2026-11-22T12:00:00Z', monotonicMs: () => performance.now(), sleep: async (ms: number) => void waits.push(ms) };
  const url = `http://127.0.0.1:${port}/v1`;
  const client = createProviderClient({ name: `${wire}/m-1`, baseUrl: url, apiKey: KEY, clock, price: PRICE });
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { client, url, asked, waits, close };
}

/** Providers that a test starts and its end closes. */
export function createProviders(): { start: typeof startProvider; close(): Promise<void> } {
  const open: LoopbackProvider[] = [];
  return {
    start: async (wire, ...replies) => {
      const started = await startProvider(wire, ...replies);
      open.push(started);
      return started;
    },
    close: async () => void (await Promise.all(open.splice(0).map(async (each) => each.close()))),
  };
}
