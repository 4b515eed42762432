// Offline verification: nothing is trusted but git objects and the rules of this folder.
export { verifyLedger } from './verify/verify-ledger.ts';
export { toProblem, type LedgerProblem, type VerifyReport } from './verify/problem.ts';
