/** A part of a view and the part of the text it was made of. Where the lengths are equal, the characters correspond one by one. */
interface Piece {
  readonly at: number;
  readonly length: number;
  readonly start: number;
  readonly end: number;
}

/** A text made of another one: parts joined, or decoded. Knows where each of its characters came from. */
export interface View {
  readonly text: string;
  /** How it was made, for people: `base64`, `joined lines`. */
  readonly step: string;
  /** True when the range holds something that the text itself does not show: a joint, or something decoded. */
  isNew(start: number, end: number): boolean;
  /** The range of the text that this range of the view was made of. */
  origin(start: number, end: number): { readonly start: number; readonly end: number };
  /** How many joints the range holds. */
  joints(start: number, end: number): number;
}

/** Collects parts in order and makes a view of them. */
export class ViewBuilder {
  readonly #parts: string[] = [];
  readonly #pieces: Piece[] = [];
  #length = 0;

  get isEmpty(): boolean {
    return this.#pieces.length === 0;
  }

  add(text: string, start: number, end: number): void {
    if (text === '') return;
    this.#parts.push(text);
    this.#pieces.push({ at: this.#length, length: text.length, start, end });
    this.#length += text.length;
  }

  /** A character that no secret holds, so that what comes next does not belong to what stands before. */
  part(): void {
    this.#parts.push('\u0001');
    this.#length += 1;
  }

  build(step: string, isDecoded: (piece: { readonly length: number; readonly start: number; readonly end: number }) => boolean = () => false): View {
    const pieces = this.#pieces;
    const between = (start: number, end: number): readonly Piece[] => pieces.slice(pieceAt(pieces, start), pieceAt(pieces, end - 1) + 1);
    return {
      text: this.#parts.join(''),
      step,
      isNew: (start, end) => {
        const touched = between(start, end);
        return touched.length > 1 || touched.some(isDecoded);
      },
      joints: (start, end) => between(start, end).length - 1,
      origin: (start, end) => {
        const [first, last] = [pieces[pieceAt(pieces, start)], pieces[pieceAt(pieces, end - 1)]];
        if (!first || !last) return { start: 0, end: 0 };
        const isPlain = (piece: Piece): boolean => piece.length === piece.end - piece.start;
        return {
          start: isPlain(first) ? Math.min(first.end, first.start + Math.max(0, start - first.at)) : first.start,
          end: isPlain(last) ? Math.min(last.end, last.start + Math.max(0, end - last.at)) : last.end,
        };
      },
    };
  }
}

/** The last piece that begins at or before this place. */
function pieceAt(pieces: readonly Piece[], place: number): number {
  let [low, high] = [0, pieces.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((pieces[middle]?.at ?? 0) <= place) low = middle;
    else high = middle - 1;
  }
  return Math.max(0, low);
}
