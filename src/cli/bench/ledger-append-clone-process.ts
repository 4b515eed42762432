import fs, { promises } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import git from 'isomorphic-git';
import http from 'isomorphic-git/http/node';

// The peer of the benchmark in a process of its own: URL DIR PATH, the token in BENCH_TOKEN.
const [url = '', dir = '', path = ''] = process.argv.slice(2);
const onAuth = (): { username: string; password: string } => ({ username: 'x-access-token', password: process.env['BENCH_TOKEN'] ?? '' });
let filesWritten = 0;
let bytesReceived = 0;
const counting = { ...fs, promises: { ...promises, writeFile: (...args: Parameters<typeof promises.writeFile>) => (filesWritten++, promises.writeFile(...args)) } };
const request: typeof http.request = async (asked) => {
  const answer = await http.request(asked);
  return { ...answer, ...(answer.body === undefined ? {} : { body: count(answer.body) }) };
};
async function* count(body: AsyncIterableIterator<Uint8Array>): AsyncIterableIterator<Uint8Array> {
  for await (const chunk of body) {
    bytesReceived += chunk.byteLength;
    yield chunk;
  }
}

const place = { fs: counting, dir, http: { request }, onAuth };
const start = performance.now();
await git.clone({ ...place, url, ref: 'ledger', singleBranch: true, depth: 1, noTags: true });
await mkdir(dirname(join(dir, path)), { recursive: true });
await writeFile(join(dir, path), '{}');
await git.add({ fs: counting, dir, filepath: path });
await git.commit({ fs: counting, dir, message: 'By clone and push', author: { name: 'Countersign', email: 'countersign@users.noreply.github.com' } });
await git.push({ ...place, remote: 'origin', ref: 'ledger' });
process.stdout.write(JSON.stringify({ ms: performance.now() - start, bytesReceived, filesWritten }));
