import { expect, it } from 'vitest';
import { evaluatePolicy } from '../evaluate.ts';
import { added, deleted, inputOf, modified } from '../testing.ts';

// Ways round the rules `dependencies` and `lockfiles`, tried as an adversary would: Ruby, PHP, .NET, containers, Actions and lockfiles. And ordinary changes that must stay free.

type Answer = 'BLOCK' | 'WARN' | 'none';
/** Name, path, the file before, the file after, what must be the gravest answer, and of which rule (any, where none is said). */
type Attempt = [name: string, path: string, old: string | null, now: string | null, want: Answer, rule?: string];
const attempts: Attempt[] = [];
const c = (...attempt: Attempt): void => void attempts.push(attempt);
const J = (value: unknown): string => JSON.stringify(value, null, 2);

// gem
const GF = "source 'https://rubygems.org'\ngem 'rails', '~> 7.0'\n";
const gm = (name: string, now: string, want: Answer, old = GF, path = 'Gemfile') => c('gem ' + name, path, old, now, want, 'dependencies');
gm('eval_gemfile', GF + "eval_gemfile 'x'\n", 'BLOCK');
gm('instance_eval', GF + "instance_eval File.read('x')\n", 'BLOCK');
gm('plugin', GF + "plugin 'evil'\n", 'BLOCK');
gm('gemspec path', GF + "gemspec path: 'evil'\n", 'BLOCK');
gm('git_source', GF + "git_source(:x) { |r| \"https://e/#{r}\" }\n", 'BLOCK');
gm('source sym', GF.replace("'https://rubygems.org'", ':rubygems'), 'BLOCK');
gm('ruby file', GF + "ruby file: '.ruby-version'\n", 'WARN');
gm('gem paren', GF + "gem('evil')\n", 'BLOCK');
gm('gem %w', GF + "%w[evil].each { |g| gem g }\n", 'BLOCK');
gm('gem pctq', GF + 'gem %q(evil)\n', 'BLOCK');
gm('begin', GF + "BEGIN { system 'x' }\n", 'BLOCK');
gm('__END__', GF + "__END__\nx\n", 'BLOCK');
gm('require false', GF.replace("'~> 7.0'", "'~> 7.0', require: 'evil'"), 'WARN');
gm('heredoc', GF + "x = <<~X\n", 'BLOCK');
gm('=begin', "=begin\n" + GF + "=end\ngem 'evil'\n", 'BLOCK');
gm('branch', GF.replace("'~> 7.0'", "github: 'rails/rails', branch: 'x'"), 'BLOCK');
gm('group code', GF + "group :x do\n  gem 'evil'\nend\n", 'BLOCK');
gm('platforms', GF.replace("'~> 7.0'", "'~> 7.0', platforms: :ruby"), 'WARN');
gm('comment hash', GF + "# gem 'evil'\n", 'none');
gm('install_if', GF + "install_if -> { `x` } do\n gem 'a'\nend\n", 'BLOCK');
// composer
const CO = { require: { php: '>=8', 'a/b': '^1' }, scripts: { test: 'phpunit' } };
const co = (name: string, now: unknown, want: Answer) => c('composer ' + name, 'composer.json', J(CO), J(now), want, 'dependencies');
co('autoload files', { ...CO, autoload: { files: ['evil.php'] } }, 'BLOCK');
co('repo path', { ...CO, repositories: [{ type: 'path', url: 'evil' }] }, 'BLOCK');
co('packagist off', { ...CO, repositories: { 'packagist.org': false } }, 'BLOCK');
co('replace', { ...CO, replace: { 'x/y': '*' } }, 'BLOCK');
co('extra patches', { ...CO, extra: { patches: { a: 'https://e' } } }, 'BLOCK');
co('secure-http', { ...CO, config: { 'secure-http': false } }, 'BLOCK');
co('inline alias', { ...CO, require: { ...CO.require, 'a/b': 'dev-evil as 1.0' } }, 'WARN');
co('type plugin', { ...CO, type: 'composer-plugin' }, 'BLOCK');
co('require-dev', { ...CO, 'require-dev': { 'e/e': '*' } }, 'BLOCK');
co('scripts-aliases', { ...CO, 'scripts-descriptions': { test: 'x' } }, 'none');
co('min stab', { ...CO, 'minimum-stability': 'dev' }, 'BLOCK');
co('bin', { ...CO, bin: ['evil'] }, 'BLOCK');
co('include-path', { ...CO, 'include-path': ['evil'] }, 'BLOCK');
co('target-dir', { ...CO, 'target-dir': 'x' }, 'BLOCK');
co('php-ext', { ...CO, 'php-ext': { 'extension-name': 'x' } }, 'BLOCK');
co('ext req', { ...CO, require: { ...CO.require, 'ext-x': '*' } }, 'BLOCK');
co('desc', { ...CO, description: 'x' }, 'none');
co('suggest', { ...CO, suggest: { 'a/z': 'x' } }, 'none');
// dotnet
const CS = '<Project Sdk="Microsoft.NET.Sdk">\n<PropertyGroup><TargetFramework>net8.0</TargetFramework></PropertyGroup>\n<ItemGroup><PackageReference Include="A" Version="1" /></ItemGroup>\n</Project>\n';
const cs = (name: string, ins: string, want: Answer, path = 'X.csproj') => c('net ' + name, path, CS, CS.replace('</Project>', ins + '\n</Project>'), want, 'dependencies');
cs('import', '<Import Project="evil.targets" />', 'BLOCK');
cs('inline task', '<UsingTask TaskName="x" TaskFactory="RoslynCodeTaskFactory" AssemblyFile="x" />', 'BLOCK');
cs('post build', '<PropertyGroup><PostBuildEvent>evil</PostBuildEvent></PropertyGroup>', 'BLOCK');
cs('update ver', '<ItemGroup><PackageReference Update="A" Version="2" /></ItemGroup>', 'BLOCK');
cs('multi', '<ItemGroup><PackageReference Include="B;C" Version="2" /></ItemGroup>', 'BLOCK');
cs('global', '<ItemGroup><GlobalPackageReference Include="B" Version="2" /></ItemGroup>', 'BLOCK');
cs('analyzer', '<ItemGroup><Analyzer Include="evil.dll" /></ItemGroup>', 'BLOCK');
cs('sources', '<PropertyGroup><RestoreAdditionalProjectSources>https://e</RestoreAdditionalProjectSources></PropertyGroup>', 'BLOCK');
cs('framework', '<PropertyGroup><TargetFramework>net9.0</TargetFramework></PropertyGroup>', 'none');
cs('custom sdk', '<Sdk Name="Evil" Version="1" />', 'BLOCK');
cs('cscTool', '<PropertyGroup><CscToolPath>evil</CscToolPath></PropertyGroup>', 'BLOCK');
cs('CustomBefore', '<PropertyGroup><CustomBeforeMicrosoftCommonTargets>evil.targets</CustomBeforeMicrosoftCommonTargets></PropertyGroup>', 'BLOCK');
cs('com ref', '<ItemGroup><COMReference Include="evil" /></ItemGroup>', 'BLOCK');
cs('choose', '<Choose><When Condition="true"><ItemGroup><PackageReference Include="E" Version="1" /></ItemGroup></When></Choose>', 'BLOCK');
cs('ItemDef', '<ItemGroup><ProjectReference Include="..\\evil\\e.csproj" /></ItemGroup>', 'BLOCK');
cs('props fn', '<PropertyGroup><X>$([System.IO.File]::ReadAllText("x"))</X></PropertyGroup>', 'BLOCK');
cs('DependsOn', '<PropertyGroup><BuildDependsOn>Evil;$(BuildDependsOn)</BuildDependsOn></PropertyGroup>', 'BLOCK');
cs('NoWarn', '<PropertyGroup><NoWarn>NU1901</NoWarn></PropertyGroup>', 'none');
c('net rsp', 'Directory.Build.rsp', null, '-p:X=evil\n', 'BLOCK');
c('net sln', 'x.sln', 'a\n', 'b\n', 'none');
c('net paket', 'paket.dependencies', 'source x\n', 'source evil\n', 'BLOCK');
// docker
const DK = 'FROM node:24 AS build\nRUN npm ci\n';
const dk = (name: string, now: string, want: Answer) => c('docker ' + name, 'Dockerfile', DK, now, want, 'dependencies');
dk('onbuild', DK + 'ONBUILD COPY --from=evil /x /y\n', 'BLOCK');
dk('onbuild add', DK + 'ONBUILD ADD https://e/x /x\n', 'BLOCK');
dk('platform', DK.replace('FROM node', 'FROM --platform=$X evil'), 'BLOCK');
dk('arg from', 'ARG I=evil\nFROM $I\nRUN npm ci\n', 'BLOCK');
dk('arg default', 'FROM ${I:-evil}\nRUN npm ci\n', 'BLOCK');
dk('lower', DK + 'from evil\n', 'BLOCK');
dk('escape', '# escape=`\nFROM `\nevil\n', 'BLOCK');
dk('add git', DK + 'ADD git@e.example:x.git /x\n', 'BLOCK');
dk('add https git', DK + 'ADD https://e.example/x.git#main /x\n', 'BLOCK');
dk('heredoc', DK + 'COPY <<EOF /x\nFROM evil\nEOF\n', 'none');
dk('run curl', DK + 'RUN curl https://e | sh\n', 'none');
dk('add json', DK + 'ADD ["https://e.example/x", "/x"]\n', 'BLOCK');
dk('copy json from', DK + 'COPY --from=evil ["a","b"]\n', 'BLOCK');
dk('stage num', DK + 'COPY --from=0 /a /b\n', 'none');
dk('stage shadow', 'FROM evil AS node\nFROM node:24\n', 'BLOCK');
dk('syntax check', '# check=skip=all\n' + DK, 'none');
dk('syntax', '#syntax=evil/x\n' + DK, 'BLOCK');
dk('syntax json', '//syntax=evil/x\n' + DK, 'BLOCK');
dk('syntax 2', '# escape=\\\n# syntax=evil/x\n' + DK, 'BLOCK');
dk('tag', DK.replace('24', '26'), 'WARN');
dk('registry', DK.replace('node:24', 'e.example/node:24'), 'BLOCK');
dk('index.docker', DK.replace('node:24', 'docker.io/library/node:24'), 'none');
dk('add checksum', DK + 'ADD --checksum=sha256:' + 'a'.repeat(64) + ' https://e/x /x\n', 'BLOCK');
c('docker compose ext', 'compose.prod.yaml', 'services:\n  a:\n    image: a:1\n', 'services:\n  a:\n    image: evil:1\n', 'BLOCK', 'dependencies');
c('docker compose build remote', 'compose.yml', 'services:\n  a: {image: a}\n', 'services:\n  a: {image: a, build: "https://e.example/x.git"}\n', 'BLOCK', 'dependencies');
c('docker compose include', 'compose.yml', 'services: {}\n', 'include: [{path: oci://e.example/x}]\nservices: {}\n', 'BLOCK', 'dependencies');
c('docker bake', 'docker-bake.hcl', 'a\n', 'b\n', 'WARN');
c('k8s image', 'k8s/deploy.yaml', 'image: a\n', 'image: evil\n', 'none');
// actions
const pin = 'a'.repeat(40); const W = `jobs:\n  a:\n    steps:\n      - uses: actions/checkout@${pin}\n`;
const ac = (name: string, now: string, want: Answer, path = '.github/workflows/ci.yml', old = W) => c('actions ' + name, path, old, now, want, 'dependencies');
ac('tag', W.replace(pin, 'v4'), 'BLOCK');
ac('branch', W.replace(pin, 'main'), 'BLOCK');
ac('short sha', W.replace(pin, 'aaaaaaa'), 'BLOCK');
ac('docker', W + '      - uses: docker://evil\n', 'BLOCK');
ac('reusable', W + '  b:\n    uses: evil/x/.github/workflows/a.yml@main\n', 'BLOCK');
ac('local reusable', W + '  b:\n    uses: ./.github/workflows/a.yml\n', 'BLOCK');
ac('services', W.replace('    steps', '    services:\n      d:\n        image: evil\n    steps'), 'BLOCK');
ac('flow', 'jobs: {a: {steps: [{uses: "actions/checkout@' + pin + '"}, {"uses": evil/x@v1}]}}\n', 'BLOCK');
ac('anchor', `x: &u evil/x@v1\n${W}      - uses: *u\n`, 'BLOCK');
ac('case', W.replace('actions/checkout', 'Actions/Checkout'), 'none');
ac('subpath', W.replace('actions/checkout', 'actions/checkout/evil'), 'BLOCK');
ac('dup key', W + `      - uses: a/b@${pin}\n        uses: evil/x@v1\n`, 'BLOCK');
ac('composite', 'runs:\n  using: composite\n  steps:\n    - uses: evil/x@v1\n', 'BLOCK', 'tools/x/action.yml', 'runs: {using: composite, steps: []}\n');
ac('action docker', 'runs: {using: docker, image: "docker://evil"}\n', 'BLOCK', 'action.yaml', 'runs: {using: docker, image: Dockerfile}\n');
// lockfiles
const NL = (over: object = {}, root: object = {}) => J({ name: 'x', lockfileVersion: 3, packages: { '': { dependencies: { a: '1' } }, 'node_modules/a': { version: '1.0.0', resolved: 'https://registry.npmjs.org/a/-/a-1.0.0.tgz', integrity: 'sha512-' + 'A'.repeat(86) + '==', ...over }, ...root } });
const lk = (name: string, old: string, now: string, want: Answer, path = 'package-lock.json') => c('lock ' + name, path, old, now, want, 'lockfiles');
lk('host', NL(), NL({ resolved: 'https://e.example/a/-/a-1.0.0.tgz' }), 'BLOCK');
lk('http', NL(), NL({ resolved: 'http://registry.npmjs.org/a/-/a-1.0.0.tgz' }), 'BLOCK');
lk('no integrity', NL(), NL({ integrity: undefined }), 'BLOCK');
lk('sha1', NL(), NL({ integrity: 'sha1-AAAAAAAAAAAAAAAAAAAAAAAAAAA=' }), 'BLOCK');
lk('changed', NL(), NL({ integrity: 'sha512-' + 'B'.repeat(86) + '==' }), 'BLOCK');
lk('git', NL(), NL({ resolved: 'git+ssh://git@github.com/e/a.git#' + pin }), 'BLOCK');
lk('link', NL(), NL({ resolved: 'evil', link: true, integrity: undefined }), 'BLOCK');
lk('script', NL(), NL({ hasInstallScript: true }), 'BLOCK');
lk('userinfo', NL(), NL({ resolved: 'https://registry.npmjs.org@e.example/a/-/a-1.0.0.tgz' }), 'BLOCK');
lk('port', NL(), NL({ resolved: 'https://registry.npmjs.org:8443/a/-/a-1.0.0.tgz' }), 'BLOCK');
lk('backslash', NL(), NL({ resolved: 'https://e.example\\@registry.npmjs.org/a/-/a-1.0.0.tgz' }), 'BLOCK');
lk('dot', NL(), NL({ resolved: 'https://registry.npmjs.org./a/-/a-1.0.0.tgz' }), 'BLOCK');
lk('other pkg', NL(), NL({ resolved: 'https://registry.npmjs.org/evil/-/evil-1.0.0.tgz' }), 'BLOCK');
lk('dotdot', NL(), NL({ resolved: 'https://registry.npmjs.org/a/-/../../evil/-/evil-1.0.0.tgz' }), 'BLOCK');
lk('name alias', NL(), NL({ name: 'evil', resolved: 'https://registry.npmjs.org/evil/-/evil-1.0.0.tgz' }), 'BLOCK');
lk('resolved gone', NL(), NL({ resolved: undefined }), 'BLOCK');
lk('bin', NL(), NL({ bin: { ls: 'x' } }), 'BLOCK');
lk('nested', NL(), NL({}, { 'node_modules/a/node_modules/b': { version: '1.0.0', resolved: 'https://e.example/b.tgz' } }), 'BLOCK');
lk('v1 field', NL(), NL().replace(/\}$/, `, "dependencies": ${J({ a: { version: '1.0.0', resolved: 'https://e.example/a.tgz' } })}}`), 'BLOCK');
lk('dup', NL(), NL().replace('"node_modules/a": {', '"node_modules/a": {"version": "1"}, "node_modules/a": {'), 'BLOCK');
lk('ws escape', NL(), NL().replace('"resolved"', '"resol\\u0076ed"'), 'none');
lk('upper', NL(), NL({ resolved: 'HTTPS://REGISTRY.NPMJS.ORG/a/-/a-1.0.0.tgz' }), 'BLOCK');
lk('inBundle', NL(), NL({ inBundle: true, integrity: undefined, resolved: undefined }), 'BLOCK');
lk('format', NL(), JSON.stringify(JSON.parse(NL())), 'none');
const PL = "lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      a: {specifier: ^1, version: 1.0.0}\npackages:\n  a@1.0.0:\n    resolution: {integrity: sha512-AAAA}\nsnapshots:\n  a@1.0.0: {}\n";
lk('pnpm tarball', PL, PL.replace('{integrity: sha512-AAAA}', '{integrity: sha512-AAAA, tarball: https://e.example/a.tgz}'), 'BLOCK', 'pnpm-lock.yaml');
lk('pnpm no int', PL, PL.replace('{integrity: sha512-AAAA}', '{tarball: https://registry.npmjs.org/a/-/a-1.0.0.tgz}'), 'BLOCK', 'pnpm-lock.yaml');
lk('pnpm git', PL, PL.replace('{integrity: sha512-AAAA}', '{type: git, repo: https://e.example/a, commit: ' + pin + '}'), 'BLOCK', 'pnpm-lock.yaml');
lk('pnpm overrides', PL, PL.replace('importers', 'overrides:\n  a: npm:evil@1\nimporters'), 'BLOCK', 'pnpm-lock.yaml');
lk('pnpm patched', PL, PL.replace('importers', 'patchedDependencies:\n  a@1.0.0: {hash: x, path: patches/a.patch}\nimporters'), 'BLOCK', 'pnpm-lock.yaml');
lk('pnpm directory', PL, PL.replace('{integrity: sha512-AAAA}', '{directory: evil, type: directory}'), 'BLOCK', 'pnpm-lock.yaml');
lk('pnpm build', PL, PL.replace('    resolution', '    requiresBuild: true\n    resolution'), 'BLOCK', 'pnpm-lock.yaml');
lk('pnpm ver', PL, PL.replace('version: 1.0.0', 'version: link:../evil'), 'BLOCK', 'pnpm-lock.yaml');
lk('pnpm snapshot alias', PL, PL.replace('version: 1.0.0', "version: evil@1.0.0"), 'BLOCK', 'pnpm-lock.yaml');
const CL = '[[package]]\nname = "a"\nversion = "1.0.0"\nsource = "registry+https://github.com/rust-lang/crates.io-index"\nchecksum = "' + 'a'.repeat(64) + '"\n';
lk('cargo git', CL, CL.replace(/source.*\nchecksum.*/, 'source = "git+https://e.example/a#' + pin + '"'), 'BLOCK', 'Cargo.lock');
lk('cargo nosum', CL, CL.replace(/checksum.*\n/, ''), 'BLOCK', 'Cargo.lock');
lk('cargo sum', CL, CL.replace('aaaa', 'bbbb'), 'BLOCK', 'Cargo.lock');
lk('cargo reg', CL, CL.replace('github.com/rust-lang', 'e.example/rust-lang'), 'BLOCK', 'Cargo.lock');
lk('cargo forge', CL, CL.replace('rust-lang/crates.io-index', 'evil/crates.io-index'), 'BLOCK', 'Cargo.lock');
const GS = 'a.example/a v1.0.0 h1:' + 'A'.repeat(43) + '=\n';
lk('go sum', GS, GS.replace('AAA', 'BBB'), 'BLOCK', 'go.sum');
lk('go rm', GS, '', 'BLOCK', 'go.sum');
for (const [name, path, old, now] of [
  ['gradle', 'gradle.lockfile', 'g:a:1.0=compileClasspath\n', 'g:a:2.0=compileClasspath\n'],
  ['mix', 'mix.lock', '%{\n}\n', '%{ "e": {:hex, :e, "1.0", "aa", [:mix], [], "hexpm", "bb"},\n}\n'],
  ['pod', 'Podfile.lock', 'PODS:\n  - A (1.0)\n', 'PODS:\n  - A (1.1)\n'],
  ['swift', 'Package.resolved', '{"pins":[],"version":2}', '{"pins":[{"identity":"a","kind":"remoteSourceControl","location":"https://e.example/a","state":{"revision":"' + pin + '","version":"1.0.0"}}],"version":2}'],
  ['pub', 'pubspec.lock', 'packages: {}\n', 'packages:\n  a:\n    dependency: "direct main"\n    description: {name: a, sha256: aa, url: "https://e.example"}\n    source: hosted\n    version: "1.0.0"\n'],
  ['flake', 'flake.lock', '{"nodes":{},"version":7}', '{"nodes":{"a":{"locked":{"type":"github","owner":"e","repo":"e"}}},"version":7}'],
  ['terraform', '.terraform.lock.hcl', 'a\n', 'b\n'],
  ['chart', 'Chart.lock', 'a: 1\n', 'a: 2\n'],
  ['vendor modules', 'vendor/modules.txt', '# a\n', '# b\n'],
  ['cargo checksum', 'vendor/a/.cargo-checksum.json', '{"files":{}}', '{"files":{"x":"y"}}'],
  ['renv', 'renv.lock', '{}', '{"a":1}'],
  ['pixi', 'pixi.lock', 'a: 1\n', 'a: 2\n'],
  ['cartfile', 'Cartfile.resolved', 'a\n', 'b\n'],
  ['shard', 'shard.lock', 'a: 1\n', 'a: 2\n'],
  ['paket', 'paket.lock', 'a\n', 'b\n'],
  ['conan', 'conan.lock', '{}', '{"a":1}'],
  ['module.bazel.lock', 'MODULE.bazel.lock', '{}', '{"a":1}'],
  ['stack', 'stack.yaml.lock', 'a: 1\n', 'a: 2\n'],
  ['devbox', 'devbox.lock', '{}', '{"a":1}'],
  ['gems.locked', 'gems.locked', 'GEM\n  remote: https://rubygems.org/\n  specs:\n    a (1)\n', 'GEM\n  remote: https://e.example/\n  specs:\n    a (1)\n'],
  ['aube', 'vlt-lock.json', '{}', '{"a":1}']] as const) c('lockalone ' + name, path, old, now, 'BLOCK');

it.each(attempts)('%s (%s)', (_, path, old, now, want, rule) => {
  const change = old === null ? added(path, { text: now ?? '' }) : now === null ? deleted(path, { text: old }) : modified(path, { text: old }, { text: now });
  const found = evaluatePolicy(inputOf([change])).rules.flatMap(({ violations }) => violations).filter((violation) => rule === undefined || violation.rule === rule);
  const answer: Answer = found.some(({ severity }) => severity === 'BLOCK') ? 'BLOCK' : found.length > 0 ? 'WARN' : 'none';
  expect({ answer, found: found.map(({ message }) => message) }).toMatchObject({ answer: want });
});
