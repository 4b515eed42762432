import { goneLines, isComment, numbered, type Sides, type Weakening } from './sides.ts';

/** Files in which thresholds of coverage are set. */
export const COVERAGE_FILES = [
  '{jest,vitest,vite,ava,karma,cypress,playwright,c8,nyc}.config.*', 'vitest.workspace.*', 'karma.conf.*', 'package.json', '.nycrc{,.*}', 'nyc.config.*', '.c8rc{,.*}', '.taprc', '.mocharc*', '.jestrc*',
  '.coveragerc', 'pyproject.toml', 'setup.cfg', 'tox.ini', 'pytest.ini', 'noxfile.py', '.simplecov', '{spec,test,rails}_helper.rb', 'codecov.{yml,yaml}', '.codecov.{yml,yaml}', '.coveralls.yml', '.coverrc', 'coveralls.json',
  'build.gradle', 'build.gradle.kts', 'pom.xml', 'tarpaulin.toml', '.tarpaulin.toml', 'phpunit.xml*', 'Makefile', 'justfile', 'Taskfile.y*ml', '.testcoverage.yml', '*.sh', 'sonar-project.properties', '*.runsettings', '*.csproj', 'mix.exs', '*.coveragerc', 'Directory.Build.props',
];

const ABOUT_COVERAGE = /coverage|thresholds?\b|\bnyc\b|\bc8\b|istanbul|jacoco|codecov|fail[_-]under|tarpaulin/i;
const NAMED_FOR_COVERAGE = /(?:^|\/)[^/]*(?:nyc|c8rc|codecov|coverage|tarpaulin|simplecov|runsettings|karma)[^/]*$/i;
// What a number stands for. Codecov's `threshold` is how much coverage may fall: there, more is weaker.
const SETTING = /(?<![\w-])(?:--)?(statements|branches|functions|lines|fail[_-]under|cov-fail-under|minimum(?:_coverage(?:_by_file)?)?|target|threshold|Threshold|min_coverage|total|file|package)(?:["'`>]|\s)*[:=,\s>]\s*["'`{]?\s*(?:line:\s*)?(-?\d+(?:\.\d+)?)\s*%?/g;
const SWITCHED_OFF = /(?:check[-_]?coverage|checkCoverage|fail[-_]ci[-_]if[-_]error|require_ci_to_pass|perFile|per-file)["']?\s*[:=]\s*(?:false|no|off)\b/i;

interface Setting {
  readonly name: string;
  readonly value: number;
  readonly line: number;
  readonly lineText: string;
}

/** Thresholds that were lowered or are gone, in the order of their names. */
export function findLowerCoverage({ path, old, now }: Sides): Weakening[] {
  if (old === '' || !(NAMED_FOR_COVERAGE.test(path) || ABOUT_COVERAGE.test(old))) return [];
  const [before, after] = [byName(settingsOf(old)), byName(settingsOf(now))];
  const found = [...before].flatMap(([name, settings]) => compare(name, settings, { others: after.get(name) ?? [], old, now, mayFall: /codecov/i.test(path) }));
  const off = numbered(now).filter(({ text }) => !isComment(text) && SWITCHED_OFF.test(text) && !old.includes(text.trim()));
  return [...found, ...off.map(({ line }) => ({ line, what: 'switches a check of coverage off' }))];
}

function compare(name: string, before: readonly Setting[], { others, old, now, mayFall }: { others: readonly Setting[]; old: string; now: string; mayFall: boolean }): Weakening[] {
  if (others.length < before.length) {
    const kept = new Set(others.map(({ lineText }) => lineText));
    const lost = before.find(({ lineText }) => !kept.has(lineText)) ?? before[0];
    const place = goneLines(old, now).find(({ line }) => line === lost?.line);
    return [{ line: place?.nowLine ?? 1, what: `no longer sets the coverage threshold ${name} (it was ${lost?.value})`, isAboutFile: true }];
  }
  return before.flatMap((setting, index) => {
    const other = others[index];
    const isAllowance = mayFall && name === 'threshold';
    if (other === undefined || !(isAllowance ? other.value > setting.value : other.value < setting.value)) return [];
    return [{ line: other.line, what: isAllowance ? `lets coverage fall by ${other.value}, and it was ${setting.value}` : `lowers the coverage threshold ${name} from ${setting.value} to ${other.value}` }];
  });
}

function settingsOf(text: string): Setting[] {
  const lines = numbered(text).filter(({ text: line }) => !isComment(line));
  return lines.flatMap(({ line, text: lineText }) => lineText.slice(0, 2000).matchAll(SETTING).map(([, name = '', value = '']) => ({ name: name.toLowerCase().replaceAll('_', '-').replace(/^cov-/, ''), value: Number(value), line, lineText: lineText.trim() })).toArray());
}

function byName(settings: readonly Setting[]): Map<string, Setting[]> {
  const names = new Map<string, Setting[]>();
  for (const setting of settings) names.set(setting.name, [...(names.get(setting.name) ?? []), setting]);
  return names;
}
