// Offline verification: nothing is trusted but git objects and the rules of this folder.
export { verifyLedger, type VerifyOptions } from './verify/verify-ledger.ts';
export { toProblem, type LedgerProblem, type ProblemCode, type VerifyReport } from './verify/problem.ts';
