import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { mkdtempSync, readdirSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { beginTranscript, readTranscript } from './store.ts';
import { TRIAGE_PROMPT } from '../../../model/prompts/triage.ts';
import { startTranscriptServer, type TranscriptServer } from './server.ts';

const KEY = 'sk-recorded/0123456789+abc==';
const HEAD = { format: 'countersign/transcript@1', model: 'mine/m', source: 'recorded' } as const;

let dir: string;
let upstream: { url: string; answer: (request: IncomingMessage, response: ServerResponse, body: string) => void; asked: number; close(): Promise<void> };
const open: TranscriptServer[] = [];
const troubles: string[] = [];

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'countersign-transcript-'));
  const http = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString('utf8')));
    request.on('end', () => {
      upstream.asked += 1;
      upstream.answer(request, response, body);
    });
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const address = http.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/v1`;
  upstream = { url, asked: 0, answer: (_request, response) => response.end('{"n":1}'), close: async () => (http.closeAllConnections(), new Promise((resolve) => http.close(() => resolve()))) };
  await beginTranscript(dir, HEAD);
});

afterEach(async () => {
  await Promise.all([...open.splice(0).map(async (each) => each.close()), upstream.close()]);
  rmSync(dir, { recursive: true, force: true });
});

async function recording(query = ''): Promise<string> {
  const server = await startTranscriptServer({ kind: 'record', dir, upstreams: { main: `${upstream.url}${query}`, byFirstSegment: { proposer: `${upstream.url}/other` } }, onTrouble: (sentence) => troubles.push(sentence) }, 0);
  open.push(server);
  return server.url;
}

async function replaying(): Promise<{ url: string; missed: string[] }> {
  const missed: string[] = [];
  const server = await startTranscriptServer({ kind: 'replay', exchanges: (await readTranscript(dir)).exchanges, onMiss: (lines) => missed.push(...lines) }, 0);
  open.push(server);
  return { url: server.url, missed };
}

const ask = async (url: string, body: unknown, headers: Record<string, string> = { authorization: `Bearer ${KEY}` }): Promise<Response> => fetch(`${url}/chat/completions`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) });
const files = (): string[] => readdirSync(dir).filter((name) => name !== 'transcript.json').toSorted();
const kept = (): string => readdirSync(dir).map((name) => name + readFileSync(join(dir, name), 'utf8')).join('\n');

describe('no key is in a transcript', () => {
  test.each(['authorization', 'api-key', 'x-api-key', 'x-goog-api-key'])('sent as %s, and quoted back in every place and form', async (header) => {
    upstream.answer = (request, response, body) => {
      const said = [request.headers[header], KEY, encodeURIComponent(KEY), Buffer.from(KEY).toString('base64'), body].join(' ');
      response.writeHead(401, { 'content-type': `text/plain; x=${encodeURIComponent(KEY)}`, 'retry-after': KEY, 'set-cookie': `k=${KEY}`, 'x-debug': KEY }).end(JSON.stringify({ error: said }));
    };
    const answer = await ask(await recording(), { messages: [`the issue quotes ${KEY}`] }, { [header]: header === 'authorization' ? `Bearer ${KEY}` : KEY });
    expect(answer.status).toBe(401);
    for (const form of [KEY, encodeURIComponent(KEY), Buffer.from(KEY).toString('base64').replace(/=+$/, ''), 'authorization', 'x-debug', 'cookie']) expect(kept()).not.toContain(form);
    expect(kept()).toContain('***');
    await readTranscript(dir);
  });

  test("in the address's query, which stays out of the requests' paths", async () => {
    upstream.answer = (request, response) => response.end(JSON.stringify({ error: `bad url ${request.url}` }));
    await ask(await recording(`?api-version=2026-06-01&subscription-key=${encodeURIComponent(KEY)}`), {}, {});
    expect(upstream.asked).toBe(1);
    expect(kept()).not.toContain(KEY);
    expect(kept()).not.toContain(encodeURIComponent(KEY));
    expect(kept()).toContain('api-version=2026-06-01');
  });
});

describe('a replay', () => {
  test('makes no call, gives a repeated question its answers in order, and then the last one again', async () => {
    let n = 0;
    upstream.answer = (_request, response) => void response.writeHead(n++ === 0 ? 429 : 200, { 'retry-after': '7' }).end(JSON.stringify({ n }));
    const first = await recording();
    await ask(first, { q: 1 });
    // Another run of `up` on the same directory goes on behind what is there.
    await ask(await recording(), { q: 1 });
    expect(files().map((name) => name.slice(0, 4))).toEqual(['0001', '0002']);
    const { url, missed } = await replaying();
    const answers = [await ask(url, { q: 1 }, {}), await ask(url, { q: 1 }, {}), await ask(url, { q: 1 }, {})];
    expect(answers.map(({ status, headers }) => [status, headers.get('retry-after')])).toEqual([[429, '7'], [200, '7'], [200, '7']]);
    expect([upstream.asked, missed]).toEqual([2, []]);
  });

  test('fails on a miss, and shows where the request differs, however long its lines are', async () => {
    const prompt = (word: string): object => ({ temperature: 0, messages: [{ role: 'user', content: `${TRIAGE_PROMPT}\n${'x'.repeat(5_000)} ${word} tail\nEnd` }] });
    await ask(await recording(), prompt('old'));
    const { url, missed } = await replaying();
    expect((await ask(url, prompt('new\u001b[31m\u202e'))).status).toBe(404);
    expect(upstream.asked).toBe(1);
    expect(missed).toEqual(['asked by the triage; the nearest that was recorded is exchange 1, of the triage', '- recorded, + asked now:', expect.stringMatching(/^in messages\[0\]\.content, line \d+$/), expect.stringMatching(/^- …x{1,60} old tail/), expect.stringMatching(/^\+ …x{1,60} new.*⟨U\+202E⟩ tail/)]);
    expect(missed.every((line) => line.length < 200)).toBe(true);
  });

  test('a miss with many differences shows both sides; one that only repeats a line says so', async () => {
    await ask(await recording(), { messages: Array.from({ length: 40 }, (_, at) => `a${at}`) });
    const { url, missed } = await replaying();
    await ask(url, { messages: Array.from({ length: 40 }, (_, at) => `b${at}`) });
    expect(missed.filter((line) => /^- a\d/.test(line))).toHaveLength(6);
    expect(missed.filter((line) => /^\+ b\d/.test(line))).toHaveLength(6);
    expect(missed.slice(0, 5)).toEqual(['asked by no role that is known; the nearest that was recorded is exchange 1, of no role that is known', '- recorded, + asked now:', 'in messages[0]', '- a0', '+ b0']);
    expect(missed.at(-1)).toBe('… and 68 more lines');
    missed.length = 0;
    await ask(url, { messages: Array.from({ length: 41 }, (_, at) => `a${Math.min(at, 39)}`) });
    expect(missed.join('\n')).toMatch(/another order or number|a39/);
  });
});

test('an answer that cannot be kept is passed on all the same, and it is said', async () => {
  const url = await recording();
  rmSync(dir, { recursive: true });
  troubles.length = 0;
  expect((await ask(url, { q: 1 })).status).toBe(200);
  expect(troubles).toEqual([expect.stringMatching(/answer 1 cannot be kept in .*not whole/)]);
});

test('a provider that cannot be reached is told by the reason', async () => {
  const url = await recording();
  await upstream.close();
  troubles.length = 0;
  await expect(ask(url, { q: 1 })).rejects.toThrow();
  expect(troubles).toEqual(['no answer of the provider came: ECONNREFUSED']);
});

describe('a transcript that was changed since is refused', () => {
  const change = (edit: (text: string) => string): void => {
    const path = join(dir, files()[0] ?? '');
    writeFileSync(path, edit(readFileSync(path, 'utf8')));
  };

  test.each<[string, (text: string) => string]>([
    ['an edited answer', (text) => text.replace('{\\"n\\":1}', '{\\"n\\":2}')],
    ['an edited question', (text) => text.replace('"q": 1', '"q": 2')],
    ['another status', (text) => text.replace('"status": 200', '"status": 201')],
    ['no hash', (text) => text.replace(/,\s*"sha256": "[0-9a-f]+"/, '')],
    ['half a file', (text) => text.slice(0, 40)],
    ['more than an exchange', (text) => text.replace('"request"', '"extra": 1, "request"')],
  ])('%s', async (_name, edit) => {
    await ask(await recording(), { q: 1 });
    const before = readFileSync(join(dir, files()[0] ?? ''), 'utf8');
    expect(edit(before)).not.toBe(before);
    change(edit);
    await expect(readTranscript(dir)).rejects.toMatchObject({ kind: 'input', code: 'bad-transcript', message: expect.stringContaining(files()[0] ?? '') });
  });

  test('one that says that it was written by hand needs no hash, and a wrong one is refused there too', async () => {
    await ask(await recording(), { q: 1 });
    writeFileSync(join(dir, 'transcript.json'), JSON.stringify({ ...HEAD, source: 'by hand' }));
    change((text) => text.replace(/,\s*"sha256": "[0-9a-f]+"/, '').replace('{\\"n\\":1}', '{\\"n\\":2}'));
    expect((await readTranscript(dir)).exchanges).toHaveLength(1);
    change((text) => text.replace(/\}\s*$/, ', "sha256": "00"}'));
    await expect(readTranscript(dir)).rejects.toMatchObject({ code: 'bad-transcript' });
  });

  test('one that lacks an exchange, and one of another version', async () => {
    const url = await recording();
    for (const q of [1, 2, 3]) await ask(url, { q });
    unlinkSync(join(dir, files()[1] ?? ''));
    await expect(readTranscript(dir)).rejects.toMatchObject({ code: 'bad-transcript', message: expect.stringContaining('does not hold exchange 2') });
    writeFileSync(join(dir, 'transcript.json'), JSON.stringify({ ...HEAD, format: 'countersign/transcript@2' }));
    await expect(readTranscript(dir)).rejects.toMatchObject({ code: 'bad-transcript', message: expect.stringContaining('another version (countersign/transcript@2)') });
  });

  test('a directory that is none, and one that is used', async () => {
    await ask(await recording(), { q: 1 });
    await expect(beginTranscript(dir, HEAD)).rejects.toMatchObject({ code: 'used-transcript' });
    unlinkSync(join(dir, 'transcript.json'));
    await expect(readTranscript(dir)).rejects.toMatchObject({ code: 'bad-transcript' });
    await expect(readTranscript(join(dir, 'nowhere'))).rejects.toMatchObject({ code: 'bad-transcript' });
  });
});
