// Signed addresses of artifact bytes. Uploads are Azure block-blob PUTs: `comp=block` for each block, then `comp=blocklist` with the order.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { createReadStream, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from '../read-body.ts';
import type { Artifact, ArtifactStore } from './artifact-store.ts';

const PATH = /^\/_blobs\/(\d+)\/(\d+)$/;
const ARTIFACT_BYTES_MAX = 500 * 1024 * 1024;
const VALID_MS = 3_600_000;

export class BlobService {
  readonly #store: ArtifactStore;
  readonly #origin: () => string;
  readonly #nowMs: () => number;
  readonly #secret = randomBytes(32);
  readonly #blocks = new Map<string, Map<string, Buffer>>();

  constructor(store: ArtifactStore, options: { origin: () => string; nowMs: () => number }) {
    this.#store = store;
    this.#origin = options.origin;
    this.#nowMs = options.nowMs;
  }

  static matches(path: string): boolean {
    return PATH.test(path);
  }

  signedUrl(artifact: Pick<Artifact, 'runId' | 'id'>, may: 'r' | 'w'): string {
    const path = `/_blobs/${artifact.runId}/${artifact.id}`;
    const expires = String(this.#nowMs() + VALID_MS);
    return `${this.#origin()}${path}?se=${expires}&sp=${may}&sig=${this.#sign(path, expires, may)}`;
  }

  /** Serves an upload or a download and gives its status. */
  async serve(request: IncomingMessage, response: ServerResponse, url: URL): Promise<number> {
    const artifact = this.#authorised(request.method ?? 'GET', url);
    if (artifact === null) return finish(response, 403, '<?xml version="1.0"?><Error><Code>AuthenticationFailed</Code></Error>');
    if (request.method === 'GET') return this.#download(response, artifact);
    if (request.method !== 'PUT') return finish(response, 405, '');
    const bytes = await readBody(request, ARTIFACT_BYTES_MAX);
    return this.#upload(response, { artifact, bytes, query: url.searchParams, contentType: request.headers['x-ms-blob-content-type'] });
  }

  #upload(response: ServerResponse, upload: { artifact: Artifact; bytes: Buffer; query: URLSearchParams; contentType: string | string[] | undefined }): number {
    const { artifact, bytes, query } = upload;
    const key = this.#store.file(artifact);
    const blocks = this.#blocks.get(key) ?? new Map<string, Buffer>();
    const comp = query.get('comp');
    if (comp === 'block') {
      blocks.set(query.get('blockid') ?? '', bytes);
      this.#blocks.set(key, blocks);
      return finish(response, 201, '');
    }
    const names = [...bytes.toString('utf8').matchAll(/<(?:Latest|Uncommitted|Committed)>([^<]*)</g)].map((match) => match[1] ?? '');
    const ordered = names.map((name) => blocks.get(name));
    if (comp === 'blocklist' && ordered.includes(undefined)) return finish(response, 400, '<?xml version="1.0"?><Error><Code>InvalidBlockList</Code></Error>');
    writeFileSync(key, comp === 'blocklist' ? Buffer.concat(ordered.filter((block) => block !== undefined)) : bytes);
    if (typeof upload.contentType === 'string') this.#store.setContentType(artifact, upload.contentType);
    this.#blocks.delete(key);
    return finish(response, 201, '');
  }

  #download(response: ServerResponse, artifact: Artifact): number {
    const name = artifact.contentType === 'application/zip' ? `${artifact.name}.zip` : artifact.name;
    response.writeHead(200, { 'content-type': artifact.contentType, 'content-length': artifact.size, 'content-disposition': `attachment; filename="${name}"` });
    createReadStream(this.#store.file(artifact)).pipe(response);
    return 200;
  }

  #authorised(method: string, url: URL): Artifact | null {
    const found = PATH.exec(url.pathname);
    const [expires, may, signature] = ['se', 'sp', 'sig'].map((name) => Buffer.from(url.searchParams.get(name) ?? ''));
    const wanted = Buffer.from(this.#sign(url.pathname, String(expires), String(may)));
    if (found === null || signature === undefined || signature.length !== wanted.length || !timingSafeEqual(signature, wanted)) return null;
    if (Number(String(expires)) < this.#nowMs() || String(may) !== (method === 'GET' ? 'r' : 'w')) return null;
    return this.#store.list(Number(found[1])).find((artifact) => artifact.id === Number(found[2]) && (method !== 'PUT' || !artifact.finalized)) ?? null;
  }

  #sign(path: string, expires: string, may: string): string {
    return createHmac('sha256', this.#secret).update(`${path}\n${expires}\n${may}`).digest('hex');
  }
}

function finish(response: ServerResponse, status: number, body: string): number {
  response.writeHead(status, { 'content-type': 'application/xml', 'x-ms-request-id': randomBytes(8).toString('hex'), 'x-ms-version': '2024-11-04', etag: '"0x1"', 'last-modified': new Date(0).toUTCString() }).end(body);
  return status;
}
