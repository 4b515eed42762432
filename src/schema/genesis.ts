import { z } from 'zod';

import type { Instant } from '../domain/ids.ts';
import { instantSchema, ledgerIdSchema } from './fields.ts';
import { problemsOf } from './problems.ts';

/** `ledger.json`, the first file of a ledger. */
export interface Genesis {
  readonly format: 'countersign/ledger@1';
  readonly ledger: string;
  readonly created: Instant;
}

export const genesisSchema = z.strictObject({ format: z.literal('countersign/ledger@1'), ledger: ledgerIdSchema, created: instantSchema }) satisfies z.ZodType<Genesis>;

export type ParsedGenesis = { readonly kind: 'valid'; readonly genesis: Genesis } | { readonly kind: 'invalid'; readonly problems: readonly string[] };

export function parseGenesis(value: unknown): ParsedGenesis {
  const parsed = genesisSchema.safeParse(value);
  return parsed.success ? { kind: 'valid', genesis: parsed.data } : { kind: 'invalid', problems: problemsOf(parsed.error) };
}
