import { describe, expect, it } from 'vitest';
import type { JudgedChange } from '../input.ts';
import { judgeBy, modified } from '../testing.ts';

const hex = (fill: string, length = 64): string => fill.repeat(length);
const manifest = (path: string): JudgedChange => modified(path, { text: 'one\n' }, { text: 'two\n' });

// Each format: a small file of the real shape, and the change of a manifest that explains a change of it.
const FORMATS = {
  pubspec: { path: 'pubspec.lock', by: modified('pubspec.yaml', { text: 'dependencies: {a: ^1.0.0}\n' }, { text: 'dependencies: {a: ^2.0.0}\n' }), base: `packages:\n  a:\n    dependency: "direct main"\n    description:\n      name: a\n      sha256: "${hex('a')}"\n      url: "https://pub.dev"\n    source: hosted\n    version: "1.0.0"\nsdks:\n  dart: ">=3.0.0"\n` },
  swift: { path: 'Package.resolved', by: manifest('Package.swift'), base: `{\n  "pins" : [\n    {\n      "identity" : "a",\n      "kind" : "remoteSourceControl",\n      "location" : "https://github.com/o/a",\n      "state" : {"revision" : "${hex('a', 40)}", "version" : "1.0.0"}\n    }\n  ],\n  "version" : 2\n}\n` },
  flake: { path: 'flake.lock', by: manifest('flake.nix'), base: `{"nodes": {"nixpkgs": {"locked": {"narHash": "sha256-AAAA=", "owner": "NixOS", "repo": "nixpkgs", "rev": "${hex('a', 40)}", "type": "github"}}, "root": {"inputs": {"nixpkgs": "nixpkgs"}}}, "version": 7}` },
  mix: { path: 'mix.lock', by: manifest('mix.exs'), base: `%{\n  "a": {:hex, :a, "1.0.0", "${hex('a')}", [:mix], [{:b, "~> 1.0", [hex: :b, repo: "hexpm", optional: false]}], "hexpm", "${hex('b')}"},\n}\n` },
  pod: { path: 'Podfile.lock', by: manifest('Podfile'), base: `PODS:\n  - A (1.0.0):\n    - B\n  - B (2.0.0)\n\nDEPENDENCIES:\n  - A\n\nSPEC REPOS:\n  trunk:\n    - A\n\nSPEC CHECKSUMS:\n  A: ${hex('a', 40)}\n  B: ${hex('b', 40)}\n\nPODFILE CHECKSUM: ${hex('c', 40)}\n` },
  gradle: { path: 'gradle.lockfile', by: modified('build.gradle', { text: "implementation 'g:a:1'\n" }, { text: "implementation 'g:a:2'\n" }), base: '# This is a Gradle generated file\ng:a:1.0=compileClasspath,runtimeClasspath\nempty=annotationProcessor\n' },
  verification: { path: 'gradle/verification-metadata.xml', by: modified('build.gradle', { text: "implementation 'g:a:1'\n" }, { text: "implementation 'g:a:2'\n" }), base: `<verification-metadata>\n<configuration><verify-metadata>true</verify-metadata></configuration>\n<components>\n<component group="g" name="a" version="1.0">\n<artifact name="a-1.0.jar">\n<sha256 value="${hex('a')}"/>\n</artifact>\n</component>\n</components>\n</verification-metadata>\n` },
} as const;
type Format = keyof typeof FORMATS;

function said(format: Format, change: (text: string) => string, isAlone = false): string[] {
  const { path, by, base } = FORMATS[format];
  const text = change(base);
  expect(text).not.toBe(base);
  return judgeBy('lockfiles', [modified(path, { text: base }, { text }), ...(isAlone ? [] : [by])]).violations.map(({ severity, line, message }) => `${severity} ${line ?? '-'} ${message}`);
}

const FORMAT_NAMES: readonly Format[] = ['pubspec', 'swift', 'flake', 'mix', 'pod', 'gradle', 'verification'];

describe('lockfiles of further ecosystems', () => {
  it.each(FORMAT_NAMES)('%s: alone it blocks, and what is only laid out anew does not', (format) => {
    const change = (text: string): string => text.replace('1.0', '1.1').replaceAll(hex('a'), hex('d')).replaceAll(hex('a', 40), hex('d', 40));
    expect(said(format, change, true)).toContainEqual(expect.stringMatching(/^BLOCK .*no manifest that it follows from asks for that/));
    expect(said(format, change).filter((each) => each.includes('no manifest'))).toEqual([]);
    if (format !== 'mix') expect(said(format, (text) => `${text}\n`, true)).toEqual([]);
  });

  it.each<[Format, string | RegExp, string, RegExp]>([
    ['pubspec', 'https://pub.dev', 'https://evil.example', /^BLOCK 2 a 1\.0\.0 .* is fetched from evil\.example, which is no known registry/],
    ['pubspec', hex('a'), hex('b'), /^BLOCK 2 a 1\.0\.0 .* has another hash, and is the same version/],
    ['pubspec', /\n {6}sha256: .*/, '', /^BLOCK 2 .*loses its integrity/],
    ['pubspec', 'source: hosted', 'source: git', /^BLOCK 2 .*is fetched from a git repository/],
    ['swift', 'github.com/o/a', 'evil.example/o/a', /^BLOCK 3 .*is fetched from evil\.example/],
    ['swift', hex('a', 40), hex('b', 40), /^BLOCK 3 .*has another hash, and is the same version/],
    ['swift', 'https://', 'http://', /^BLOCK 3 .*is fetched without encryption/],
    ['flake', '"type": "github"', '"type": "github", "host": "evil.example"', /^BLOCK 1 .*is fetched from evil\.example/],
    ['flake', 'sha256-AAAA=', 'sha256-BBBB=', /^BLOCK 1 .*has another hash, and is the same version/],
    ['flake', '"narHash": "sha256-AAAA=", ', '', /^BLOCK 1 .*loses its integrity/],
    ['mix', hex('b'), hex('c'), /^BLOCK 2 .*has another hash, and is the same version/],
    ['mix', '"hexpm", "', '"evil", "', /^BLOCK 2 .*is fetched from evil/],
    ['mix', /\{:hex.*\}/, `{:git, "https://evil.example/a.git", "${hex('e', 40)}", []}`, /^BLOCK 2 .*is fetched from a git repository at evil\.example/],
    ['mix', '[:mix]', 'System.cmd("x", [])', /^BLOCK 2 .*is none of a mix\.lock/],
    ['pod', hex('a', 40), hex('e', 40), /^BLOCK .*A 1\.0\.0 .* has another hash, and is the same version/],
    ['pod', 'SPEC CHECKSUMS', "EXTERNAL SOURCES:\n  A:\n    :git: https://evil.example/a.git\n\nSPEC CHECKSUMS", /^BLOCK .*is fetched from a git repository at evil\.example/],
    ['gradle', 'g:a:1.0=', 'g:a:1.0 =', /^BLOCK 2 .*is none of a gradle\.lockfile/],
    ['verification', hex('a'), hex('b'), /^BLOCK 5 .*has another hash, and is the same version/],
    ['verification', /<sha256[^>]*>/, '', /^BLOCK 5 .*loses its integrity/],
    ['verification', /<sha256[^>]*>/, `<md5 value="${hex('a', 32)}"/>`, /^BLOCK 5 .*is checked by md5 only/],
  ])('%s: %s becomes %s', (format, from, to, expected) => {
    expect(said(format, (text) => text.replace(from, to))).toContainEqual(expect.stringMatching(expected));
  });

  it('knows lists of what is checked in by the manifests above them', () => {
    const change = modified('vendor/modules.txt', { text: '# a v1\n' }, { text: '# b v1\n' });
    expect(judgeBy('lockfiles', [change]).violations).toHaveLength(1);
    expect(judgeBy('lockfiles', [change, modified('go.mod', { text: 'module x\n' }, { text: 'module x\nrequire b v1\n' })]).violations).toEqual([]);
    expect(judgeBy('lockfiles', [modified('third_party/serde/.cargo-checksum.json', { text: '{}' }, { text: '{"files":{}}' })]).violations).toHaveLength(1);
    expect(judgeBy('lockfiles', [modified('X.xcodeproj/project.xcworkspace/xcshareddata/swiftpm/Package.resolved', { text: FORMATS.swift.base }, { text: FORMATS.swift.base.replace('1.0.0', '1.1.0').replace(hex('a', 40), hex('b', 40)) }), manifest('X.xcodeproj/project.pbxproj')]).violations).toEqual([]);
  });
});
