// `npm test`: lint, types, dead code, a current bundle, then every test. `npm test -- PATTERN` runs only the tests whose path matches.
import { existsSync } from 'node:fs';
import { checkDistIsCurrent } from './test/current-dist.ts';
import { runCommand, runStages, type Stage } from './test/stage.ts';
import { runVitest } from './test/vitest.ts';

const CHROMIUM = '/usr/bin/chromium';

const STAGES: readonly Stage[] = [
  { name: 'lint', run: () => runCommand('oxlint', ['--deny-warnings']) },
  { name: 'types', run: () => runCommand('tsc', []) },
  { name: 'types of the site', run: () => runCommand('tsc', ['-p', 'site']) },
  { name: 'dead code', run: () => runCommand('knip', ['--no-progress']) },
  { name: 'action/dist is current', run: checkDistIsCurrent },
];

const patterns = process.argv.slice(2);
const failures = patterns.length > 0 ? [] : await runStages(STAGES);
const tests = await runVitest(patterns);

for (const { name, output } of failures) console.log(`\n──── ${name} failed ────\n${output.trim()}`);
if (tests.failures.length > 0) console.log(`\n──── failed tests ────\n${tests.failures.join('\n')}`);
if (!existsSync(CHROMIUM)) console.log(`\n!!!! BROWSER TESTS WERE SKIPPED: ${CHROMIUM} is missing. Install it with \`apt-get install chromium\`. !!!!`);
if (failures.length > 0) console.log(`\nfailed before the tests: ${failures.map(({ name }) => name).join(', ')}`);
console.log(`\ntests: ${tests.passed} passed, ${tests.failed} failed${tests.skipped > 0 ? `, ${tests.skipped} skipped` : ''}`);
process.exitCode = failures.length === 0 && tests.ok ? 0 : 1;
