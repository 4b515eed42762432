import { PatchFault } from './failure.ts';
import { MAX_RESULT_BYTES } from './limits.ts';

/** Counts bytes that a proposal makes, so that a small one cannot make very many. */
export class ByteBudget {
  #left = MAX_RESULT_BYTES;

  take(bytes: number): void {
    this.#left -= bytes;
    if (this.#left < 0) throw new PatchFault('too-large', `The change makes more than ${MAX_RESULT_BYTES} bytes of content. Split it.`);
  }
}
