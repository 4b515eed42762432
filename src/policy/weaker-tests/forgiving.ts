import { newLines } from '../text-lines.ts';
import { isComment, type Sides, type Weakening } from './sides.ts';

/** Files that say how tests are run. */
export const RUN_FILES = ['package.json', 'Makefile', 'GNUmakefile', '*.mk', 'justfile', 'Taskfile.y*ml', '*.sh', '*.bash', 'tox.ini', 'noxfile.py', 'pyproject.toml', 'setup.cfg', 'pytest.ini', 'Rakefile', 'composer.json', 'build.gradle*', 'pom.xml', '*.yml', '*.yaml', 'Jenkinsfile', '{jest,vitest,vite,karma,playwright,cypress,ava}.config.*', 'Dockerfile*'];

const CHECK = /\b(?:tests?|spec|jest|vitest|mocha|ava|tap|karma|cypress|playwright|pytest|unittest|tox|nox|phpunit|rspec|cargo|mvn|gradlew?|ctest|dotnet|lint|eslint|oxlint|ruff|mypy|tsc|check|coverage|c8|nyc|verify)\b/i;
const FORGIVING = /\|\|\s*(?:true|:|exit\s+0|echo\b|\(?exit 0)|;\s*(?:true|exit\s+0|:)\s*(?:["']|$)|\bset\s\+e\b|--(?:passWithNoTests|pass-with-no-tests|no-fail|suppress-no-test-exit-code|allow-empty|exit-zero)\b|--no-fail-fast=|\bno-error-exit\b/;
const ALWAYS = /\b(?:continue-on-error|allow_failure|ignore_errors|continueOnError|failure_ok|soft_fail|ignoreFailures|testFailureIgnore|skipTests|maven\.test\.skip|ignore_outcome)\b["']?\s*(?:[:=]\s*|>)["']?(?:true|yes|1)\b|-DskipTests\b|-Dmaven\.test\.skip\b|-x\s+test\b/;
const LEFT_OUT = /\btestPathIgnorePatterns\b|--testPathIgnorePatterns|--deselect\b|\bcollect_ignore\b|--ignore(?:-glob)?=\S*test|\bnorecursedirs\b|-k\s+["']?not\b|--exclude-testsuite|--exclude-group|--skip\s+\w|-skip\s*=|--grep\s+\S+\s+--invert|\bexclude\s*:\s*\[[^\]]*\.(?:test|spec)\./;
const DOES_NOTHING = /"(?:test|test:\w+|lint|check)"\s*:\s*"(?:\s*|true|:|exit 0|echo [^"&|;]*(?:&& exit 0)?)"/;

/** New lines by which tests or checks fail without anybody noticing, or are not run. */
export function findForgiving({ path, old, now }: Sides): Weakening[] {
  const isMake = /(?:^|\/)(?:gnu)?makefile[^/]*$|\.mk$/i.test(path);
  return newLines(old, now).flatMap(({ line, text }): Weakening[] => {
    const shown = text.slice(0, 4000);
    if (isComment(shown)) return [];
    if (DOES_NOTHING.test(shown)) return [{ line, what: 'has a test script that does nothing' }];
    if (ALWAYS.test(shown) || (FORGIVING.test(shown) && CHECK.test(shown))) return [{ line, what: 'lets a check fail without failing' }];
    if (isMake && /^\t\s*@?-/.test(shown) && CHECK.test(shown)) return [{ line, what: 'lets a check fail without failing' }];
    return LEFT_OUT.test(shown) ? [{ line, what: 'leaves tests out' }] : [];
  });
}
