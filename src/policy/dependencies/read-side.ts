import { decodeText } from '../text-lines.ts';
import { Unreadable } from './model.ts';

const BYTES_MAX = 16 * 1024 * 1024;

/** One side of a change, read; `missing` where there is none. What its own tools would refuse is returned as the reason. */
export function readSide<T>(bytes: Uint8Array | null, read: (text: string) => T, missing: T): T | Unreadable {
  if (bytes === null) return missing;
  if (bytes.byteLength > BYTES_MAX) return new Unreadable(`it is larger than ${BYTES_MAX} bytes`);
  const text = decodeText(bytes);
  if (text === null) return new Unreadable('it is no text');
  try {
    return read(text);
  } catch (error) {
    if (error instanceof Unreadable) return error;
    throw error;
  }
}
