import { createSha256 } from '#digest';
import type { Oid, WorkflowId } from '../../domain/ids.ts';
import type { LedgerObjects, RawObject } from '../../ports/ledger-objects.ts';
import type { VerifyReport } from '../verify/problem.ts';
import { verifyWorkflow, type WorkflowStep } from '../verify/verify-workflow.ts';
import { createSerial } from './serially.ts';
import { encodeLine, PACK_FORMAT, PIECE_BYTES_MAX, toContent, type PackHeader, type PackLine } from './pack-lines.ts';

export interface WritePackOptions {
  readonly workflow: WorkflowId;
  readonly tip: Oid;
  readonly steps: AsyncIterable<WorkflowStep>;
  readonly objects: LedgerObjects;
  /** Takes the pack piece by piece. */
  readonly write: (bytes: Uint8Array) => Promise<void>;
}

export interface WrittenPack {
  readonly report: VerifyReport;
  readonly bytes: number;
  /** Of the whole file. */
  readonly sha256: string;
}

/**
 * Writes the evidence pack of one workflow: it is verified, and every object that verification asks for is written down in that
 * order. So the same records up to the same tip give the same bytes on any machine. A pack whose report is not `ok` is of no use.
 */
export async function writePack({ workflow, tip, steps, objects, write }: WritePackOptions): Promise<WrittenPack> {
  const out = new PackWriter(write);
  await out.line({ format: PACK_FORMAT, tip, workflow });
  const adding = new Set<Oid>();
  const noted = async function* (): AsyncGenerator<WorkflowStep> {
    for await (const step of steps) {
      if (step.adds) adding.add(step.oid);
      yield step;
    }
  };
  const serially = createSerial();
  const recorder: LedgerObjects = {
    read: (oid, bytesMax) =>
      serially(async () => {
        const found = await objects.read(oid, bytesMax);
        await out.object(oid, found, adding.has(oid));
        return found;
      }),
  };
  const report = await verifyWorkflow({ workflow, tip, steps: noted(), objects: recorder });
  return { report, ...(await out.end()) };
}

class PackWriter {
  readonly #write: (bytes: Uint8Array) => Promise<void>;
  readonly #before = createSha256();
  readonly #whole = createSha256();
  #lines = 0;
  #bytes = 0;

  constructor(write: (bytes: Uint8Array) => Promise<void>) {
    this.#write = write;
  }

  async line(line: PackHeader | PackLine): Promise<void> {
    const bytes = encodeLine(line);
    if (!('kind' in line) || line.kind !== 'end') this.#before.update(bytes);
    this.#whole.update(bytes);
    this.#lines++;
    this.#bytes += bytes.byteLength;
    await this.#write(bytes);
  }

  async object(id: Oid, found: RawObject, adds: boolean): Promise<void> {
    if (found.kind !== 'object') return;
    const { type, bytes } = found;
    const size = bytes.byteLength;
    const first = toContent(bytes.subarray(0, PIECE_BYTES_MAX));
    if (type === 'commit') await this.line({ kind: 'commit', id, adds, size, ...first });
    else if (type === 'tree' || type === 'blob') await this.line({ kind: type, id, size, ...first });
    for (let at = PIECE_BYTES_MAX; at < size; at += PIECE_BYTES_MAX) await this.line({ kind: 'more', ...toContent(bytes.subarray(at, at + PIECE_BYTES_MAX)) });
  }

  async end(): Promise<{ readonly bytes: number; readonly sha256: string }> {
    await this.line({ kind: 'end', lines: this.#lines, sha256: this.#before.hex() });
    return { bytes: this.#bytes, sha256: this.#whole.hex() };
  }
}
