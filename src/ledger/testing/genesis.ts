import { createGenesis, encodeGenesis } from '../codec.ts';

export const LEDGER_ID = '00112233445566778899aabbccddeeff';
export const GENESIS_BYTES = encodeGenesis(createGenesis(LEDGER_ID, '2026-11-22T10:00:00Z'));
