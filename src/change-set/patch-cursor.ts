import { byteString } from './bytes.ts';
import { PatchFault } from './failure.ts';
import { MAX_LINE_BYTES } from './limits.ts';

const LINE_FEED = 0x0a;

/** Walks a patch line by line, over its bytes. */
export class PatchCursor {
  readonly bytes: Buffer;
  /** Of the current line, 1-based. */
  line: number;
  #start = 0;
  #end = 0;

  constructor(bytes: Buffer, line = 1) {
    this.bytes = bytes;
    this.line = line;
    if (bytes.length > 0 && bytes[bytes.length - 1] !== LINE_FEED) {
      throw new PatchFault('truncated', 'The patch does not end with a line feed, so its last line may be cut off. Give the whole diff as git prints it.');
    }
    this.#measure();
  }

  get done(): boolean {
    return this.#start >= this.bytes.length;
  }

  /** Whether nothing follows the current line. */
  get isLast(): boolean {
    return this.#end + 1 >= this.bytes.length;
  }

  /** Where the current line lies, without its line feed. */
  get start(): number {
    return this.#start;
  }

  get end(): number {
    return this.#end;
  }

  /** First byte of the current line; -1 when it is empty or there is none. */
  get first(): number {
    return this.#start < this.#end ? (this.bytes[this.#start] ?? -1) : -1;
  }

  /** The current line as a byte string; empty at the end of the patch. */
  text(): string {
    return this.done ? '' : byteString(this.bytes.subarray(this.#start, this.#end));
  }

  /** Whether the current line begins with `prefix` (ASCII), without making a string of it. */
  startsWith(prefix: string): boolean {
    return this.#end - this.#start >= prefix.length && this.bytes.toString('latin1', this.#start, this.#start + prefix.length) === prefix;
  }

  advance(): void {
    this.#start = this.#end + 1;
    this.line += 1;
    this.#measure();
  }

  #measure(): void {
    if (this.done) {
      this.#end = this.#start;
      return;
    }
    this.#end = this.bytes.indexOf(LINE_FEED, this.#start);
    if (this.#end - this.#start > MAX_LINE_BYTES) throw new PatchFault('line-too-long', `Line ${this.line} of the patch has more than ${MAX_LINE_BYTES} bytes.`);
  }
}
