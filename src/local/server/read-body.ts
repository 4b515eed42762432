import type { IncomingMessage } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { Refusal } from './reply.ts';

/** The whole body, unzipped. Throws 413 above `bytesMax`. */
export async function readBody(request: IncomingMessage, bytesMax: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes: unknown = chunk;
    if (!Buffer.isBuffer(bytes)) continue;
    size += bytes.length;
    if (size > bytesMax) throw new Refusal(413, 'Request body too large');
    chunks.push(bytes);
  }
  const whole = Buffer.concat(chunks);
  return request.headers['content-encoding'] === 'gzip' ? gunzipSync(whole, { maxOutputLength: bytesMax }) : whole;
}

/** A JSON body; undefined when it is empty. Throws 400 as GitHub does when it is no JSON. */
export async function readJson(request: IncomingMessage, bytesMax: number): Promise<unknown> {
  const text = (await readBody(request, bytesMax)).toString('utf8');
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(400, 'Problems parsing JSON');
  }
}
