import { describe, expect, it } from 'vitest';
import { effectivePolicy, parseConfig } from '../../schema/config.ts';
import type { JudgedChange } from '../input.ts';
import { added, deleted, judgeBy, modified } from '../testing.ts';

// Each format: a small file of the real shape, and the manifest change that explains a change of it.
interface Format {
  readonly path: string;
  readonly base: string;
  readonly manifest: JudgedChange;
}

const sha512 = (fill: string): string => `sha512-${fill.repeat(86)}==`;
const hex = (fill: string, length = 64): string => fill.repeat(length);
const pkg = modified('package.json', { text: '{"dependencies": {"lodash": "^4.17.20"}}' }, { text: '{"dependencies": {"lodash": "^4.17.21"}}' });
const pyproject = modified('pyproject.toml', { text: '[project]\ndependencies = ["a>=1"]\n' }, { text: '[project]\ndependencies = ["a>=2"]\n' });

const npm: Format = {
  path: 'package-lock.json',
  manifest: pkg,
  base: JSON.stringify(
    {
      name: 'x',
      lockfileVersion: 3,
      packages: {
        '': { name: 'x', dependencies: { lodash: '^4.17.20' } },
        'node_modules/lodash': { version: '4.17.21', resolved: 'https://registry.npmjs.org/lodash/-/lodash-4.17.21.tgz', integrity: sha512('A') },
        'node_modules/@babel/core': { version: '7.0.0', resolved: 'https://registry.npmjs.org/@babel/core/-/core-7.0.0.tgz', integrity: sha512('B'), dev: true },
      },
    },
    null,
    2,
  ),
};
const classic: Format = {
  path: 'yarn.lock',
  manifest: pkg,
  base: `# yarn lockfile v1\n\n\n"@babel/core@^7.0.0":\n  version "7.0.0"\n  resolved "https://registry.yarnpkg.com/@babel/core/-/core-7.0.0.tgz#${hex('b', 40)}"\n  integrity ${sha512('B')}\n\nlodash@^4.17.20, lodash@^4.17.21:\n  version "4.17.21"\n  resolved "https://registry.yarnpkg.com/lodash/-/lodash-4.17.21.tgz#${hex('a', 40)}"\n  integrity ${sha512('A')}\n  dependencies:\n    "@babel/core" "^7.0.0"\n`,
};
const berry: Format = {
  path: 'yarn.lock',
  manifest: pkg,
  base: `__metadata:\n  version: 8\n  cacheKey: 10c0\n\n"lodash@npm:^4.17.20":\n  version: 4.17.21\n  resolution: "lodash@npm:4.17.21"\n  checksum: 10c0/${hex('a', 128)}\n  languageName: node\n  linkType: hard\n\n"x@workspace:.":\n  version: 0.0.0-use.local\n  resolution: "x@workspace:."\n  languageName: unknown\n  linkType: soft\n`,
};
const pnpm: Format = {
  path: 'pnpm-lock.yaml',
  manifest: pkg,
  base: `lockfileVersion: '9.0'\n\nsettings:\n  autoInstallPeers: true\n\nimporters:\n\n  .:\n    dependencies:\n      lodash:\n        specifier: ^4.17.20\n        version: 4.17.21\n\npackages:\n\n  '@babel/core@7.0.0':\n    resolution: {integrity: ${sha512('B')}}\n    engines: {node: '>=6'}\n\n  lodash@4.17.21:\n    resolution: {integrity: ${sha512('A')}}\n\nsnapshots:\n\n  '@babel/core@7.0.0': {}\n\n  lodash@4.17.21: {}\n`,
};
const cargo: Format = {
  path: 'Cargo.lock',
  manifest: modified('Cargo.toml', { text: '[dependencies]\nserde = "1"\n' }, { text: '[dependencies]\nserde = "1.1"\n' }),
  base: `version = 4\n\n[[package]]\nname = "serde"\nversion = "1.0.0"\nsource = "registry+https://github.com/rust-lang/crates.io-index"\nchecksum = "${hex('a')}"\n\n[[package]]\nname = "x"\nversion = "0.1.0"\ndependencies = [\n "serde",\n]\n`,
};
const gosum: Format = {
  path: 'go.sum',
  manifest: modified('go.mod', { text: 'module x\nrequire a.io/b v1.0.0\n' }, { text: 'module x\nrequire a.io/b v1.1.0\n' }),
  base: `a.io/b v1.0.0 h1:${'A'.repeat(43)}=\na.io/b v1.0.0/go.mod h1:${'B'.repeat(43)}=\n`,
};
const poetry: Format = {
  path: 'poetry.lock',
  manifest: pyproject,
  base: `[[package]]\nname = "a"\nversion = "1.0"\ndescription = ""\noptional = false\nfiles = [\n    {file = "a-1.0.tar.gz", hash = "sha256:${hex('a')}"},\n]\n\n[metadata]\nlock-version = "2.1"\ncontent-hash = "${hex('c')}"\n`,
};
const uv: Format = {
  path: 'uv.lock',
  manifest: pyproject,
  base: `version = 1\n\n[[package]]\nname = "a"\nversion = "1.0"\nsource = { registry = "https://pypi.org/simple" }\nsdist = { url = "https://files.pythonhosted.org/packages/a-1.0.tar.gz", hash = "sha256:${hex('a')}", size = 1 }\n\n[[package]]\nname = "x"\nversion = "0.1.0"\nsource = { editable = "." }\n`,
};
const pipfile: Format = {
  path: 'Pipfile.lock',
  manifest: modified('Pipfile', { text: '[packages]\na = "*"\n' }, { text: '[packages]\na = ">=1"\n' }),
  base: JSON.stringify({ _meta: { sources: [{ name: 'pypi', url: 'https://pypi.org/simple', verify_ssl: true }] }, default: { a: { hashes: [`sha256:${hex('a')}`], version: '==1.0' } }, develop: {} }, null, 4),
};
const gemfile: Format = {
  path: 'Gemfile.lock',
  manifest: modified('Gemfile', { text: "gem 'rack'\n" }, { text: "gem 'rack', '> 3'\n" }),
  base: `GEM\n  remote: https://rubygems.org/\n  specs:\n    rack (3.0.0)\n\nPLATFORMS\n  ruby\n\nDEPENDENCIES\n  rack\n\nCHECKSUMS\n  rack (3.0.0) sha256=${hex('a')}\n\nBUNDLED WITH\n   2.5.0\n`,
};
const composer: Format = {
  path: 'composer.lock',
  manifest: modified('composer.json', { text: '{"require": {"a/b": "^1"}}' }, { text: '{"require": {"a/b": "^1.1"}}' }),
  base: JSON.stringify({ packages: [{ name: 'a/b', version: '1.0.0', source: { type: 'git', url: 'https://github.com/a/b.git', reference: hex('a', 40) }, dist: { type: 'zip', url: `https://api.github.com/repos/a/b/zipball/${hex('a', 40)}`, reference: hex('a', 40), shasum: '' } }], 'packages-dev': [] }, null, 4),
};
const FORMATS: Readonly<Record<string, Format>> = { npm, classic, berry, pnpm, cargo, gosum, poetry, uv, pipfile, gemfile, composer };

function said({ path, base, manifest }: Format, change: (text: string) => string, options: { alone?: boolean; config?: string } = {}): string[] {
  const after = change(base);
  const changes = [modified(path, { text: base }, { text: after }), ...(options.alone === true ? [] : [manifest])];
  const more = options.config === undefined ? {} : { config: effectivePolicy(parseConfig(options.config), 'octo/api') };
  return judgeBy('lockfiles', changes, more).violations.map(({ severity, line, message }) => `${severity} ${line ?? '-'} ${message}`);
}
const replacing = (from: string | RegExp, to: string) => (text: string): string => {
  const after = text.replaceAll(from, () => to);
  if (after === text) throw new Error('nothing replaced');
  return after;
};

describe.each(Object.entries(FORMATS))('%s', (_, format) => {
  it('says nothing of what means the same', () => {
    expect(said(format, (text) => text)).toEqual([]);
    expect(said(format, (text) => (format.path.endsWith('.json') || format === composer ? `${text}\n\n` : `${text}\n`), { alone: true })).toEqual([]);
  });
  it('objects when it cannot be read', () => {
    if (format === gemfile) return expect(said(format, (text) => `<<<<<<< HEAD\n${text}`)).toEqual([expect.stringContaining('BLOCK 1 Gemfile.lock cannot be read')]);
    return expect(said(format, (text) => `${text}\n{{{`)).toEqual([expect.stringMatching(/^BLOCK \S+ \S+ cannot be read/)]);
  });
  it('objects when it goes', () => {
    expect(judgeBy('lockfiles', [deleted(format.path, { text: format.base })], { basePaths: [format.path, format.manifest.change.path] }).violations).toMatchObject([{ severity: 'BLOCK', message: `Deletes the lockfile ${format.path}.` }]);
  });
});

describe('a change without a manifest', () => {
  it.each<[string, Format, (text: string) => string]>([
    ['npm', npm, replacing('4.17.21', '4.17.22')],
    ['Yarn 1', classic, replacing('4.17.21', '4.17.22')],
    ['Yarn', berry, replacing('4.17.21', '4.17.22')],
    ['pnpm', pnpm, replacing('4.17.21', '4.17.22')],
    ['Cargo', cargo, replacing('"1.0.0"', '"1.0.1"')],
    ['Go', gosum, (text) => `${text}a.io/c v1.0.0 h1:${'C'.repeat(43)}=\n`],
    ['Poetry', poetry, replacing('version = "1.0"', 'version = "1.1"')],
    ['uv', uv, replacing('version = "1.0"', 'version = "1.1"')],
    ['Pipenv', pipfile, replacing('==1.0', '==1.1')],
    ['Bundler', gemfile, replacing('rack (3.0.0)', 'rack (3.0.1)')],
    ['Composer', composer, replacing('1.0.0', '1.0.1')],
  ])('%s', (_, format, change) => {
    expect(said(format, change, { alone: true })).toContainEqual(expect.stringMatching(/^BLOCK - Changes \S+, and no manifest that it follows from asks for that/));
    expect(said(format, change)).not.toContainEqual(expect.stringContaining('no manifest'));
  });
  it('is not explained by a manifest that was only formatted, by a script, or by one elsewhere', () => {
    const change = replacing('4.17.21', '4.17.22');
    const with_ = (manifest: JudgedChange): string[] => said({ ...npm, manifest }, change);
    expect(with_(modified('package.json', { text: '{"a":1}' }, { text: '{ "a": 1 }' }))).toContainEqual(expect.stringContaining('no manifest'));
    expect(with_(modified('package.json', { text: '{}' }, { text: '{"scripts": {"a": "b"}}' }))).toContainEqual(expect.stringContaining('no manifest'));
    expect(said({ ...npm, path: 'a/package-lock.json' }, change)).toContainEqual(expect.stringContaining('no manifest'));
    expect(with_(added('packages/a/package.json', { text: '{"dependencies": {"lodash": "1"}}' }))).not.toContainEqual(expect.stringContaining('no manifest'));
  });
  it('is judged for formats that are not read further', () => {
    expect(judgeBy('lockfiles', [modified('flake.lock', { text: 'a' }, { text: 'b' })]).violations).toHaveLength(1);
    expect(judgeBy('lockfiles', [modified('conan.lock', { text: 'a' }, { text: 'b' }), modified('conanfile.py', { text: 'a' }, { text: 'b' })]).violations).toEqual([]);
  });
  it('lets the own packages of a workspace have new versions', () => {
    const lock = (own: string, needs = '"serde"') => `${cargo.base}\n[[package]]\nname = "own"\nversion = "${own}"\ndependencies = [${needs}]\n`;
    const alone = (before: string, after: string) => judgeBy('lockfiles', [modified('Cargo.lock', { text: before }, { text: after })]).violations.map(({ message }) => message);
    expect(alone(lock('1.0.0'), lock('1.0.1'))).toEqual([]);
    expect(alone(lock('1.0.0'), lock('1.0.1', '"serde", "evil"'))).toHaveLength(1);
    expect(alone(lock('1.0.0'), lock('1.0.1').replace(hex('a'), hex('b'))).length).toBeGreaterThan(0);
  });
  it('can be allowed by path', () => {
    expect(said(npm, replacing('4.17.21', '4.17.22'), { alone: true, config: 'policy: {lockfiles: {allow: [{path: package-lock.json, reason: maintenance, expires: 2026-12-31}]}}' })).toEqual([]);
    expect(said(npm, replacing('4.17.21', '4.17.22'), { alone: true, config: 'policy: {lockfiles: {unaccompanied: WARN}}' })).toEqual([expect.stringMatching(/^WARN/)]);
  });
});

describe('another source', () => {
  const evil = 'https://evil.example';
  it.each<[string, Format, (text: string) => string, string]>([
    ['npm', npm, replacing('https://registry.npmjs.org/lodash', `${evil}/lodash`), 'BLOCK 11 lodash 4.17.21 in package-lock.json is fetched from evil.example, which is no known registry'],
    ['a login that looks like a host', npm, replacing('https://registry.npmjs.org/lodash', 'https://registry.npmjs.org@evil.example/lodash'), 'is fetched from evil.example'],
    ['a longer host', npm, replacing('https://registry.npmjs.org/lodash', 'https://registry.npmjs.org.evil.example/lodash'), 'is fetched from registry.npmjs.org.evil.example'],
    ['another port', npm, replacing('https://registry.npmjs.org/lodash', 'https://registry.npmjs.org:8443/lodash'), 'is fetched from registry.npmjs.org:8443'],
    ['a backslash', npm, replacing('https://registry.npmjs.org/lodash', String.raw`https://evil.example\\@registry.npmjs.org/lodash`), 'is fetched from evil.example'],
    ['no scheme', npm, replacing('https://registry.npmjs.org/lodash', '//evil.example/lodash'), 'is taken from a folder'],
    ['another package', npm, replacing('org/lodash/-/lodash', 'org/evil/-/evil'), 'is fetched from the address of another package'],
    ['another version', npm, replacing('lodash-4.17.21.tgz', 'lodash-4.17.0.tgz'), '4.17.21 is fetched from the address of another version'],
    ['another scope', npm, replacing('org/@babel/core', 'org/@evil/core'), 'is fetched from the address of another package'],
    ['no encryption', npm, replacing('https://registry.npmjs.org/lodash', 'http://registry.npmjs.org/lodash'), 'without encryption'],
    ['git', npm, replacing('https://registry.npmjs.org/lodash/-/lodash-4.17.21.tgz', `git+ssh://git@github.com/evil/lodash.git#${hex('a', 40)}`), 'is fetched from a git repository at github.com, past the registry'],
    ['an archive of a forge', npm, replacing('https://registry.npmjs.org/lodash/-/lodash-4.17.21.tgz', 'https://codeload.github.com/evil/lodash/tar.gz/abc'), 'past the registry'],
    ['a file', npm, replacing('https://registry.npmjs.org/lodash/-/lodash-4.17.21.tgz', 'file:evil.tgz'), 'is taken from a folder now'],
    ['Yarn 1', classic, replacing('https://registry.yarnpkg.com/lodash', `${evil}/lodash`), 'BLOCK 9 lodash 4.17.21 in yarn.lock is fetched from evil.example'],
    ['Yarn', berry, replacing('lodash@npm:4.17.21', 'lodash@npm:4.17.21::__archiveUrl=https%3A%2F%2Fevil.example%2Flodash%2F-%2Flodash-4.17.21.tgz'), 'is fetched from evil.example'],
    ['pnpm', pnpm, replacing(`{integrity: ${sha512('A')}}`, `{integrity: ${sha512('A')}, tarball: ${evil}/lodash/-/lodash-4.17.21.tgz}`), 'is fetched from evil.example'],
    ['Cargo', cargo, replacing('registry+https://github.com/rust-lang/crates.io-index', `registry+${evil}/index`), 'BLOCK 4 serde 1.0.0 in Cargo.lock is fetched from evil.example'],
    ['Cargo, git', cargo, replacing('registry+https://github.com/rust-lang/crates.io-index', `git+${evil}/serde#abc`), 'a git repository at evil.example'],
    ['Poetry', poetry, replacing('optional = false', `optional = false\nsource = {type = "legacy", url = "${evil}/simple", reference = "x"}`), 'is fetched from evil.example'],
    ['uv', uv, replacing('https://files.pythonhosted.org', evil), 'BLOCK 4 a 1.0 in uv.lock is fetched from evil.example'],
    ["uv's index", uv, replacing('https://pypi.org/simple', `${evil}/simple`), 'is fetched from evil.example'],
    ['Pipenv', pipfile, replacing('"version": "==1.0"', `"git": "${evil}/a.git", "ref": "abc"`), 'a git repository at evil.example'],
    ['Bundler', gemfile, replacing('https://rubygems.org/', `${evil}/`), 'BLOCK 4 rack 3.0.0 in Gemfile.lock is fetched from evil.example'],
    ['Bundler, git', gemfile, replacing('GEM\n  remote: https://rubygems.org/', `GIT\n  remote: ${evil}/rack.git\n  revision: abc`), 'a git repository at evil.example'],
    ['Composer', composer, replacing('https://api.github.com', evil), 'is fetched from evil.example'],
  ])('%s', (_, format, change, expected) => {
    const found = said(format, change);
    expect(found).toContainEqual(expect.stringContaining(expected));
    expect(found.every((sentence) => sentence.startsWith('BLOCK'))).toBe(true);
  });
  it('is known when the config or the base names it', () => {
    const change = replacing('https://registry.npmjs.org/lodash', 'https://npm.acme.example/lodash');
    expect(said(npm, change, { config: 'policy: {lockfiles: {hosts: ["*.acme.example"]}}' })).toEqual([]);
    const base = { ...npm, base: npm.base.replace('registry.npmjs.org/@babel', 'npm.acme.example/@babel') };
    const next = (text: string): string => text.replace('"node_modules/@babel/core"', `"node_modules/new": {"version": "1.0.0", "resolved": "https://npm.acme.example/new/-/new-1.0.0.tgz", "integrity": "${sha512('N')}"}, "node_modules/@babel/core"`);
    expect(said(base, next)).toEqual([expect.stringMatching(/^WARN .* Adds 1 package\(s\) to package-lock\.json: new 1\.0\.0\.$/)]);
    // What came from the registry of the company must not come from the public one.
    expect(said(base, replacing('https://npm.acme.example/@babel', 'https://registry.npmjs.org/@babel'))).toContainEqual(expect.stringContaining('is fetched from registry.npmjs.org now, and came from npm.acme.example'));
  });
  it('is judged in version 1 of npm, too', () => {
    const old = JSON.stringify({ lockfileVersion: 1, dependencies: { a: { version: '1.0.0', resolved: 'https://registry.npmjs.org/a/-/a-1.0.0.tgz', integrity: sha512('A'), dependencies: { b: { version: '1.0.0', resolved: 'https://registry.npmjs.org/b/-/b-1.0.0.tgz', integrity: sha512('B') } } } } }, null, 1);
    expect(said({ ...npm, base: old }, replacing('https://registry.npmjs.org/b/', 'https://evil.example/b/'))).toEqual([expect.stringContaining('b 1.0.0 in package-lock.json is fetched from evil.example')]);
  });
});

describe('integrity', () => {
  it.each<[string, Format, (text: string) => string, string]>([
    ['npm, gone', npm, replacing(/,\s*"integrity": "sha512-A[^"]*"/g, ''), 'loses its integrity'],
    ['npm, empty', npm, replacing(sha512('A'), ''), 'loses its integrity'],
    ['npm, weaker', npm, replacing(sha512('A'), `sha1-${'A'.repeat(27)}=`), 'is checked by sha1 only'],
    ['npm, other', npm, replacing(sha512('A'), sha512('Z')), 'has another hash, and is the same version'],
    ['npm, unknown algorithm', npm, replacing(sha512('A'), 'sha999-AAAA'), 'integrity'],
    ['Yarn 1, gone', classic, replacing(`\n  integrity ${sha512('A')}`, ''), 'is checked by sha1 only'],
    ['Yarn, gone', berry, replacing(/\n {2}checksum: .*/g, ''), 'loses its integrity'],
    ['pnpm, gone', pnpm, replacing(`{integrity: ${sha512('A')}}`, '{}'), 'loses its integrity'],
    ['pnpm, other', pnpm, replacing(sha512('A'), sha512('Z')), 'another hash'],
    ['Cargo, gone', cargo, replacing(/\nchecksum = .*/g, ''), 'loses its integrity'],
    ['Cargo, other', cargo, replacing(hex('a'), hex('b')), 'another hash'],
    ['Go, other', gosum, replacing('A'.repeat(43), 'Z'.repeat(43)), 'another hash'],
    ['Poetry, gone', poetry, replacing(/files = \[[^\]]*\]/g, 'files = []'), 'loses its integrity'],
    ['Poetry, weaker', poetry, replacing(`sha256:${hex('a')}`, `md5:${hex('a', 32)}`), 'is checked by md5 only'],
    ['Poetry, a further file', poetry, replacing('},\n]', `},\n    {file = "a-1.0.whl", hash = "sha256:${hex('e')}"},\n]`), 'another hash'],
    ['uv, gone', uv, replacing(/, hash = "[^"]*"/g, ''), 'loses its integrity'],
    ['Pipenv, gone', pipfile, replacing(`"sha256:${hex('a')}"`, ''), 'loses its integrity'],
    ['Bundler, gone', gemfile, replacing(/\nCHECKSUMS\n[^\n]*\n/g, ''), 'loses its integrity'],
  ])('%s', (_, format, change, expected) => {
    expect(said(format, change)).toEqual([expect.stringMatching(new RegExp(`^BLOCK .*${expected}`))]);
  });
  it('is asked of new packages where the others have it', () => {
    const entry = (more: string) => (text: string): string => text.replace('"node_modules/@babel/core"', `"node_modules/new": {"version": "1.0.0", "resolved": "https://registry.npmjs.org/new/-/new-1.0.0.tgz"${more}}, "node_modules/@babel/core"`);
    expect(said(npm, entry(''))).toContainEqual(expect.stringMatching(/^BLOCK .*new 1\.0\.0 .* has no integrity/));
    expect(said(npm, entry(`, "integrity": "sha1-${'A'.repeat(27)}="`))).toContainEqual(expect.stringMatching(/^BLOCK .*is checked by sha1 only/));
    expect(said(npm, entry(`, "integrity": "${sha512('N')}", "hasInstallScript": true`))).toContainEqual(expect.stringMatching(/^BLOCK .*new 1\.0\.0 .* runs a script of its own on installing/));
  });
  it('of requirements with hashes', () => {
    const base = `a==1.0 \\\n    --hash=sha256:${hex('a')}\nb==1.0 --hash=sha256:${hex('b')}\n`;
    const requirements = (after: string): string[] => judgeBy('lockfiles', [modified('requirements.txt', { text: base }, { text: after })]).violations.map(({ message }) => message);
    expect(requirements(base.replace(` \\\n    --hash=sha256:${hex('a')}`, ''))).toEqual([expect.stringContaining('a 1.0 in requirements.txt loses its integrity')]);
    expect(requirements(base.replace(hex('a'), hex('c')))).toEqual([expect.stringContaining('another hash')]);
    expect(requirements(base.replace('1.0', '1.1').replace(hex('a'), hex('c')))).toEqual([]);
    expect(requirements(`${base}c==1\n`)).toEqual([expect.stringContaining('has no integrity')]);
    expect(judgeBy('lockfiles', [modified('requirements.txt', { text: 'a==1\n' }, { text: 'a==2\nb==1\n' })]).violations).toEqual([]);
  });
});

describe('what hides', () => {
  it.each<[string, Format, (text: string) => string, RegExp]>([
    ['a package given twice', npm, replacing('"node_modules/@babel/core": {', '"node_modules/lodash": {"version": "4.17.21"}, "node_modules/@babel/core": {'), /given twice/],
    ['a field given twice', classic, (text) => text.replace('\n  integrity', '\n  resolved "https://evil.example/x.tgz"\n  integrity'), /given twice/],
    ['a key of YAML given twice', pnpm, replacing('snapshots:', "  lodash@4.17.21:\n    resolution: {tarball: 'https://evil.example'}\n\nsnapshots:"), /given twice/],
    ['a line that is none', gosum, (text) => `${text}evil\n`, /cannot be read/],
  ])('%s', (_, format, change, reason) => {
    expect(said(format, change)).toEqual([expect.stringMatching(reason)]);
  });
  it('a package of the deny list, however deep', () => {
    const change = (text: string): string => text.replace('"node_modules/@babel/core"', `"node_modules/a/node_modules/event-stream": {"version": "3.3.6", "resolved": "https://registry.npmjs.org/event-stream/-/event-stream-3.3.6.tgz", "integrity": "${sha512('E')}"}, "node_modules/@babel/core"`);
    expect(said(npm, change, { config: 'policy: {dependencies: {deny: ["npm:event-stream"]}}' })).toContainEqual(expect.stringMatching(/^BLOCK .*npm:event-stream is on the deny list/));
  });
  it('another package under a known name', () => {
    const change = replacing(/"version": "4\.17\.21",\s*"resolved": "[^"]*"/g, '"name": "evil", "version": "1.0.0", "resolved": "https://registry.npmjs.org/evil/-/evil-1.0.0.tgz"');
    expect(said(npm, change)).toContainEqual(expect.stringMatching(/^BLOCK .*evil 1\.0\.0 .* stands where lodash stood/));
  });
  it('another case of the name', () => {
    expect(said({ ...npm, path: 'Package-Lock.JSON' }, replacing('https://registry.npmjs.org/lodash', 'https://evil.example/lodash'))).toHaveLength(1);
  });
});
