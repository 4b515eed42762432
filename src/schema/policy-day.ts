import { z } from 'zod';

/** A calendar day that exists, as `YYYY-MM-DD`: `2026-02-30` does not. */
export const daySchema = z.string().max(10).refine(isDay, 'must be a day as YYYY-MM-DD');

function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
