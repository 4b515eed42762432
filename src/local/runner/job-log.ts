// A job's log file: one time-stamped line each, every known secret masked, capped in size.
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

export interface JobLog {
  line(text: string): void;
  /** From now on this value, and each line of it, is shown as `***`. */
  addMask(value: string): void;
  mask(text: string): string;
  /** True when the text holds a value that must not leave the job. */
  holdsSecret(text: string): boolean;
  close(): void;
}

export interface JobLogOptions {
  path: string;
  /** The server's masks: every secret and token it knows. */
  mask: (text: string) => string;
  now: () => string;
  onLine?: ((line: string) => void) | undefined;
}

const LOG_BYTES_MAX = 16 * 1024 * 1024;

export function createJobLog({ path, mask: maskKnown, now, onLine }: JobLogOptions): JobLog {
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, 'w');
  const masks = new Set<string>();
  let bytes = 0;
  let open = true;

  function mask(text: string): string {
    let masked = maskKnown(text);
    for (const value of masks) masked = masked.replaceAll(value, '***');
    return masked;
  }

  function write(text: string): void {
    const line = `${now()} ${text}\n`;
    bytes += Buffer.byteLength(line);
    writeSync(file, line);
    onLine?.(text);
  }

  return {
    mask,
    addMask(value) {
      // Short lines of a longer value, such as the braces of a JSON key, would make the log unreadable and hide nothing.
      const parts = [value, ...value.split(/\r?\n/).filter((line) => line.trim().length > 3)].map((part) => part.trim()).filter((part) => part !== '');
      // Longest first, so that a part never uncovers the rest of a longer value.
      const ordered = [...masks, ...parts].toSorted((a, b) => b.length - a.length);
      masks.clear();
      for (const part of ordered) masks.add(part);
    },
    holdsSecret: (text) => mask(text) !== text,
    line(text) {
      if (!open || bytes > LOG_BYTES_MAX) return;
      write(mask(text));
      if (bytes > LOG_BYTES_MAX) write(`The log is cut off here: it reached ${LOG_BYTES_MAX / 1024 / 1024} MiB.`);
    },
    close() {
      if (open) closeSync(file);
      open = false;
    },
  };
}
