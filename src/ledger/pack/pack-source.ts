import { createSha256 } from '#digest';
import { inputError } from '../../domain/errors.ts';
import type { Oid } from '../../domain/ids.ts';
import type { LedgerObjects, RawObject } from '../../ports/ledger-objects.ts';
import { showKey } from '../../schema/json.ts';
import type { ProblemCode } from '../verify/problem.ts';
import type { WorkflowStep } from '../verify/verify-workflow.ts';
import { createSerial } from './serially.ts';
import { decodeLine, fromContent, LINE_BYTES_MAX, PACK_FORMAT, PACK_START, packHeaderSchema, packLineSchema, type PackHeader, type PackLine } from './pack-lines.ts';

type ObjectLine = Extract<PackLine, { kind: 'commit' | 'tree' | 'blob' }>;

/** A line that cannot stand where it does: from there on nothing can be read. Becomes one problem, with the line. */
export class PackFault extends Error {
  readonly code: ProblemCode;
  readonly line: number;
  readonly expected: string | null;
  readonly found: string | null;

  constructor(code: ProblemCode, at: { readonly line: number; readonly message: string; readonly expected?: string; readonly found?: string }) {
    super(at.message);
    this.name = 'PackFault';
    this.code = code;
    this.line = at.line;
    this.expected = at.expected ?? null;
    this.found = at.found ?? null;
  }
}

/** Reads an evidence pack once, from its first line to its last. Keeps one object at a time. */
export class PackSource implements LedgerObjects {
  readonly #lines: AsyncGenerator<Uint8Array>;
  readonly #hash = createSha256();
  readonly #serially = createSerial();
  #line = 0;
  #next: PackLine | null = null;

  /** `chunks`: the file's bytes, in pieces of any size. */
  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#lines = readLines(chunks);
  }

  /** The first line. Rejects with an `input` error for what is no evidence pack of this version. */
  async header(): Promise<PackHeader> {
    const bytes = await this.#pull();
    const decoded = decodeLine(bytes, packHeaderSchema);
    if (decoded.kind === 'valid') return decoded.value;
    const start = new TextDecoder('latin1').decode(bytes.subarray(0, PACK_START.length + 4));
    const version = start.startsWith(PACK_START) ? /^\d+/.exec(start.slice(PACK_START.length))?.[0] : undefined;
    if (version !== undefined && version !== '1') throw inputError('unknown-format', `The evidence pack is of format countersign/evidence-pack@${version}; this version reads ${PACK_FORMAT} only.`);
    throw inputError('not-an-evidence-pack', `Line 1 is not the first line of an evidence pack: ${decoded.problems[0] ?? 'it cannot be read'}`);
  }

  /** The commits in order, up to the last line. What is read between two of them comes from `read`. */
  async *steps(): AsyncGenerator<WorkflowStep> {
    for (;;) {
      this.#next ??= await this.#decode();
      const line = this.#next;
      if (line.kind === 'end') return this.#finish(line);
      if (line.kind !== 'commit') throw this.#fault('pack-order', `expected a commit or the end, found a ${line.kind}`);
      yield { oid: line.id, adds: line.adds };
    }
  }

  /** The object of the next line, which must be the one that is asked for. */
  read(oid: Oid, bytesMax: number): Promise<RawObject> {
    return this.#serially(() => this.#read(oid, bytesMax));
  }

  async #read(oid: Oid, bytesMax: number): Promise<RawObject> {
    const line = this.#next ?? (await this.#decode());
    this.#next = null;
    if (line.kind === 'more' || line.kind === 'end' || line.id !== oid) {
      const found = 'id' in line ? `${line.kind} ${line.id}` : line.kind;
      throw this.#fault('pack-order', `the object ${oid} should stand here`, { expected: oid, found });
    }
    if (line.size > bytesMax) throw this.#fault('pack-line', `the ${line.kind} ${oid} is larger than this format allows`, { expected: `at most ${bytesMax} bytes`, found: `${line.size} bytes` });
    return { kind: 'object', type: line.kind, bytes: await this.#content(line) };
  }

  async #content(line: ObjectLine): Promise<Uint8Array> {
    const pieces = [this.#piece(line)];
    let size = pieces[0]?.byteLength ?? 0;
    while (size < line.size) {
      const more = await this.#decode();
      if (more.kind !== 'more') throw this.#fault('pack-order', `the ${line.kind} ${line.id} should go on here`, { expected: 'more', found: more.kind });
      const piece = this.#piece(more);
      if (piece.byteLength === 0) throw this.#fault('pack-line', 'a line holds no content');
      size += piece.byteLength;
      pieces.push(piece);
    }
    if (size !== line.size) throw this.#fault('pack-line', `the ${line.kind} ${line.id} has another size than its line says`, { expected: `${line.size} bytes`, found: `${size} bytes` });
    return pieces.length === 1 ? (pieces[0] ?? new Uint8Array()) : join(pieces, size);
  }

  #piece(line: Exclude<PackLine, { kind: 'end' }>): Uint8Array {
    const bytes = fromContent(line);
    if (!bytes) throw this.#fault('pack-line', 'its content is not written as an evidence pack writes it');
    return bytes;
  }

  async #decode(): Promise<PackLine> {
    const bytes = await this.#pull();
    const decoded = decodeLine(bytes, packLineSchema);
    if (decoded.kind === 'invalid') throw this.#fault('pack-line', decoded.problems[0] ?? 'it cannot be read');
    if (decoded.value.kind !== 'end') this.#digest(bytes);
    return decoded.value;
  }

  async #finish({ lines, sha256 }: Extract<PackLine, { kind: 'end' }>): Promise<void> {
    if (lines !== this.#line - 1) throw this.#fault('pack-line', 'the number of lines is another', { expected: String(this.#line - 1), found: String(lines) });
    const found = this.#hash.hex();
    if (found !== sha256) throw this.#fault('pack-line', 'the hash over all lines before is another', { expected: sha256, found });
    const after = await this.#lines.next();
    if (after.done !== true) throw new PackFault('pack-line', { line: this.#line + 1, message: 'Something follows the last line.' });
  }

  async #pull(): Promise<Uint8Array> {
    const next = await this.#lines.next();
    if (next.done === true) throw inputError('pack-cut-short', `The evidence pack is cut short after line ${this.#line}: its last line is missing. Copy the whole file again.`);
    this.#line++;
    if (this.#line === 1) this.#digest(next.value);
    return next.value;
  }

  #digest(line: Uint8Array): void {
    this.#hash.update(line);
    this.#hash.update(LINE_FEED);
  }

  #fault(code: ProblemCode, what: string, difference: { readonly expected?: string; readonly found?: string } = {}): PackFault {
    return new PackFault(code, { line: this.#line, message: `Line ${this.#line} of the evidence pack does not hold: ${what}.`, ...difference });
  }
}

const LINE_FEED = Uint8Array.of(0x0a);

function join(pieces: readonly Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.byteLength;
  }
  return whole;
}

// The last line ends with a line feed as all others do: what comes after the last line feed was cut off.
async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let rest: Uint8Array[] = [];
  let size = 0;
  let number = 0;
  for await (const chunk of chunks) {
    let at = 0;
    for (let end = chunk.indexOf(0x0a); end >= 0; end = chunk.indexOf(0x0a, at)) {
      const last = chunk.subarray(at, end);
      number++;
      yield rest.length === 0 ? last : join([...rest, last], size + last.byteLength);
      rest = [];
      size = 0;
      at = end + 1;
    }
    const left = chunk.subarray(at);
    if (left.byteLength === 0) continue;
    rest.push(left);
    size += left.byteLength;
    if (size > LINE_BYTES_MAX) throw new PackFault('pack-line', { line: number + 1, message: `Line ${number + 1} of the evidence pack is longer than ${LINE_BYTES_MAX} bytes.` });
  }
  if (size > 0) throw inputError('pack-cut-short', `The evidence pack is cut short in line ${number + 1}, which begins ${showKey(new TextDecoder('latin1').decode(join(rest, size).subarray(0, 60)))}. Copy the whole file again.`);
}
