import { isComment, surplusLines, type Sides, type Weakening } from './sides.ts';

// How the common frameworks leave a test out, or run one alone and so leave out the others.
const SKIPS: readonly RegExp[] = [
  // JavaScript: Jest, Vitest, Mocha, Jasmine, node:test, Playwright, Cypress, AVA, tap
  /\b(?:it|test|tests|describe|context|suite|bench|specify)(?:\.[a-z]+)?\.(?:skip|todo|only|fixme|failing|skipIf|runIf)\b/,
  /\b(?:xit|xdescribe|xcontext|xtest|xspecify|fit|fdescribe|fcontext)\s*[("']/,
  /\bthis\.skip\s*\(|\bskip\s*:\s*(?:true|['"`])|\btodo\s*:\s*true|\bt\.(?:skip|todo)\s*\(/,
  // Python: pytest, unittest
  /@(?:pytest\.mark\.|unittest\.|mark\.)?(?:skip|skipif|xfail|skipUnless|skipIf|expectedFailure)\b|\bpytest\.(?:skip|xfail)\s*\(|\bself\.skipTest\s*\(|\braise\s+(?:unittest\.)?SkipTest\b|\bpytestmark\s*=.*\b(?:skip|xfail)|\bcollect_ignore\b|\b__test__\s*=\s*False\b/,
  // Conditions under which a test runs at all
  /\benabled\s*=\s*false\b|@(?:Enabled|Disabled)(?:If|On|For|In)\w*\b|#\[Requires\w+|->(?:skip|todo|only)\s*\(|\[(?:\w+,\s*)?Explicit\b|,\s*(?:focus:\s*true|:focus)\b|^\s*\/\/\s*(?:go:build|\+build)\s+(?:ignore|never)\b/,
  // Go, Rust, C and C++
  /\b[tb]\.Skip(?:f|Now)?\s*\(|#\[ignore\b|#\[cfg\(any\(\)\)\]|\bGTEST_SKIP\b|\bDISABLED_[A-Za-z]|\bTEST_IGNORE\w*\s*\(|\[\.\]/,
  // Java, Kotlin, Scala, Groovy, C#, Swift, PHP
  /@(?:Disabled|Ignore|IgnoreRest|IgnoreTest|PendingFeature)\w*\b|\bignore\s*\(\s*"|\bassume(?:True|False)\s*\(\s*(?:true|false)\s*\)/,
  /\[(?:\w+,\s*)?Ignore(?:Attribute)?\b|\[(?:Fact|Theory)\s*\(\s*Skip\b|\bAssert\.(?:Ignore|Inconclusive|Skip)\s*\(|\bXCTSkip|\.disabled\s*\(|markTest(?:Skipped|Incomplete)\s*\(/,
  // Ruby, Elixir, Dart, Perl, shell
  /^\s*(?:skip|pending)(?:\s*$|\s*\(|\s+["'])|\b(?:it|describe|context|example)\b.*,\s*(?::skip|:pending|skip:|pending:)|\b(?:xexample|fexample|focus\s*\()|@(?:module)?tag\s+:?skip\b|@Skip\s*\(/,
  // Whatever is not there, a name that no runner looks for, and code that never runs
  /\bimportorskip\s*\(|\bskip_if_not\w*\s*\(|\b(?:void|def|func|fun|function|sub)\s+(?:_+|x|no_?|dont_?|disabled?_?|ignored?_?|skip(?:ped)?_?|broken_?|off_?)[Tt]est\w*\s*\(/,
  /^\s*(?:if\s*\(?\s*(?:false|False|0)\s*\)?\s*[:{]?\s*$|if\s*\(\s*(?:false|0)\s*\)|#\s*if\s+(?:0|false)\b)/,
];

/** New lines that leave tests out. */
export const findSkips = ({ old, now }: Sides): Weakening[] =>
  surplusLines(old, now)
    .filter(({ text }) => (!isComment(text) || /^\s*(?:#\s*if\s+(?:0|false)\b|\/\/\s*(?:go:build|\+build)\s)/.test(text)) && SKIPS.some((skip) => skip.test(text)))
    .map(({ line }) => ({ line, what: 'leaves tests out' }));
