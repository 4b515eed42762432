import type { Instant } from '../../../src/domain/ids.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `22 Nov 2026, 10:41 UTC`. The same for every reader and every build: pages never depend on a clock. */
export const showInstant = (instant: Instant): string => `${showDay(instant)}, ${instant.slice(11, 16)} UTC`;

/** `22 Nov 2026`. */
export function showDay(instant: Instant): string {
  const [year = '', month = '', day = ''] = instant.slice(0, 10).split('-');
  return `${Number(day)} ${MONTHS[Number(month) - 1] ?? month} ${year}`;
}

/** `3 min`, `2 h 5 min`, `4 d 3 h`: the two largest units, rounded down. */
export function showDuration(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  if (days > 0) return join(`${days} d`, hours % 24, 'h');
  if (hours > 0) return join(`${hours} h`, minutes % 60, 'min');
  return minutes > 0 ? `${minutes} min` : `${Math.max(0, Math.floor(seconds))} s`;
}

const join = (first: string, rest: number, unit: string): string => (rest > 0 ? `${first} ${rest} ${unit}` : first);
