/** One part of `npm run test:long`: what it is called, and the paths whose tests it runs. */
export interface LongPart {
  readonly name: string;
  readonly paths: readonly string[];
}

/** Cheap ones first: what fails soon is known soon. */
export const LONG_PARTS: readonly LongPart[] = [
  { name: 'patches', paths: ['src/change-set', 'src/cli/patch'] },
  { name: 'context', paths: ['src/context/analyse/languages.test.ts'] },
  { name: 'injection', paths: ['tests/injection'] },
  { name: 'github', paths: ['tests/github'] },
  { name: 'ledger', paths: ['src/ledger', 'src/cli/ledger'] },
  { name: 'git', paths: ['src/git'] },
  { name: 'scenarios', paths: ['tests/scenarios'] },
];
