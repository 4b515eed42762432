import { expect, test } from 'vitest';
import { loadToml } from '../toml.ts';
import { readManifests } from '../read-texts.ts';
import { readManifest } from './read-manifest.ts';

await loadToml();
const manifestOf = (path: string, text: string) => readManifests(new Map([[path, text]])).manifests[0];

test('Gradle: libraries of the catalog, other projects, coordinates from what stands above', () => {
  const { manifests } = readManifests(new Map([
    ['gradle.properties', 'GROUP=com.example\n'], ['gradle/libs.versions.toml', '[versions]\nok = "4.12"\n[libraries]\nokhttp-client = { module = "com.squareup.okhttp3:okhttp", version.ref = "ok" }\njunit = "junit:junit:4.13"\n'],
    ['net/build.gradle.kts', 'dependencies {\n  api(libs.okhttp.client)\n  testImplementation(libs.junit)\n  implementation(projects.coreTypes)\n}\n'],
  ]));
  expect(manifests).toEqual([{ path: 'net/build.gradle.kts', ecosystem: 'gradle', name: 'com.example:net', entries: [], dependencies: [
    { name: 'com.squareup.okhttp3:okhttp', requirement: '4.12', group: 'runtime' }, { name: 'junit:junit', requirement: '4.13', group: 'development' }, { name: ':core-types', requirement: 'project', group: 'runtime' },
  ] }]);
});

test.each([
  ['a .NET project goes by its file', 'src/Acme.Core/Acme.Core.csproj', '<Project><ItemGroup><PackageReference Include="Polly" Version="8.0" /></ItemGroup></Project>', { name: 'Acme.Core', dependencies: [{ name: 'Polly', requirement: '8.0' }] }],
  ['mix.exs', 'mix.exs', 'def project do [app: :shop, version: "1"] end\ndefp deps do [{:plug, "~> 1.14"}, {:ex_doc, "~> 0.3", only: :docs}, {:own, path: "../own"}] end\n', { name: 'shop', dependencies: [{ name: 'plug', group: 'runtime' }, { name: 'ex_doc', group: 'development' }, { name: 'own' }] }],
  ['Pipfile', 'Pipfile', '[packages]\nrequests = "*"\n[dev-packages]\npytest = ">=8"\n', { dependencies: [{ name: 'requests', group: 'runtime' }, { name: 'pytest', group: 'development' }] }],
  ['extras of Python are optional', 'pyproject.toml', '[project]\nname = "p"\n[project.optional-dependencies]\nfast = ["uvloop>=0.19"]\n', { dependencies: [{ name: 'uvloop', group: 'optional' }] }],
  ['a platform of Cargo', 'Cargo.toml', '[package]\nname = "c"\n[target."cfg(unix)".dependencies]\nlibc = "0.2"\n', { dependencies: [{ name: 'libc', requirement: '0.2' }] }],
  ['pom.xml with comments and a parent', 'pom.xml', '<project><!-- <artifactId>no</artifactId> --><parent><groupId>g</groupId><artifactId>up</artifactId></parent><artifactId>mine</artifactId><dependencies><dependency><groupId>a</groupId><artifactId>b</artifactId></dependency></dependencies></project>', { name: 'g:mine', dependencies: [{ name: 'a:b' }] }],
])('%s', (_, path, text, expected) => {
  expect(manifestOf(path, text)).toMatchObject(expected);
});

// Each of these once took minutes.
test.each([['pom.xml', '<artifactId> '], ['pom.xml', '<artifactId>', ' '], ['pom.xml', '<parent>'], ['pom.xml', '<!--'], ['setup.py', '\n'], ['build.gradle', '\n'], ['Gemfile', '\n'], ['setup.py', 'install_requires=['], ['a.csproj', '<PackageReference ']])('a hostile %s of %j ends', (path, text, more = '') => {
  expect(readManifest(path, `${text}${(more || text).repeat(300_000 / (more || text).length)}`).kind).toBe('read');
});
