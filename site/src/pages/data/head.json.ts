import { ledger } from '../../lib/site.ts';

/** What open pages poll: the tip that this site was built from. Small on purpose. */
export const GET = (): Response => new Response(`${JSON.stringify({ format: 'countersign/head@1', tip: ledger().tip })}\n`);
