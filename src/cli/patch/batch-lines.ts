import { inputError } from '../../domain/errors.ts';
import { MAX_PROPOSAL_BYTES } from '../../change-set/limits.ts';

const LINE_FEED = 0x0a;
/** Longest line of a batch, in bytes: a patch of the largest size that is taken, with room for JSON's escapes. */
export const MAX_BATCH_LINE_BYTES = 4 * MAX_PROPOSAL_BYTES;

/** One line of a batch, or why it cannot be one. */
export type BatchLine = { readonly kind: 'line'; readonly text: string } | { readonly kind: 'bad'; readonly code: string; readonly message: string };

/**
 * The lines of a batch as they come: of the whole input no more than one line is ever held, and of a line that is too
 * long nothing. Lines of nothing but spaces are left out. Bytes that are not UTF-8 make a line bad, never another one.
 */
export async function* batchLines(input: AsyncIterable<Uint8Array>, longest = MAX_BATCH_LINE_BYTES): AsyncGenerator<BatchLine> {
  const line = new LineBytes(longest);
  for await (const chunk of input) {
    let from = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, from)) {
      line.add(chunk.subarray(from, end));
      const taken = line.take();
      if (taken !== null) yield taken;
      from = end + 1;
    }
    line.add(chunk.subarray(from));
  }
  const last = line.take();
  if (last !== null) yield last;
}

/** The bytes of one line while they come. */
class LineBytes {
  readonly #longest: number;
  #parts: Uint8Array[] = [];
  #size = 0;

  constructor(longest: number) {
    this.#longest = longest;
  }

  add(part: Uint8Array): void {
    this.#size += part.length;
    if (this.#size > this.#longest) this.#parts = [];
    else if (part.length > 0) this.#parts.push(part);
  }

  /** The line, and a new one begins; null when there is nothing on it. */
  take(): BatchLine | null {
    const [parts, size] = [this.#parts, this.#size];
    this.#parts = [];
    this.#size = 0;
    if (size > this.#longest) return { kind: 'bad', code: 'too-large', message: `This line of the batch has ${size} bytes; at most ${this.#longest} are taken. Give the patch as a file.` };
    return read(Buffer.concat(parts));
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true });

function read(bytes: Buffer): BatchLine | null {
  try {
    const text = decoder.decode(bytes);
    return text.trim() === '' ? null : { kind: 'line', text };
  } catch {
    const { code, message } = inputError('bad-batch-line', 'This line of the batch is not UTF-8. Give a patch with such bytes as a file, or write each of them as \\udc80 to \\udcff.');
    return { kind: 'bad', code, message };
  }
}
