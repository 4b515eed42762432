import { describe, expect, it } from 'vitest';
import { judgeBy, modified } from '../testing.ts';

const found = (lockfile: string, manifest: string, [old, now]: readonly [string, string]): string[] => {
  const isPackage = manifest === 'package.json';
  const asked = (version: string): string => JSON.stringify(isPackage ? { dependencies: { a: version } } : { require: { 'a/b': version } });
  return judgeBy('lockfiles', [modified(manifest, { text: asked('^1') }, { text: asked('^1.1') }), modified(lockfile, { text: old }, { text: now })]).violations.filter(({ severity }) => severity === 'BLOCK').map(({ message }) => message);
};

describe('packages of Composer, which lie at forges', () => {
  const lock = ({ version = '1.0.0', owner = 'a', reference = 'aaa' }): string =>
    JSON.stringify({ packages: [{ name: 'a/b', version, source: { type: 'git', url: `https://github.com/${owner}/b.git`, reference }, dist: { type: 'zip', url: `https://api.github.com/repos/${owner}/b/zipball/${reference}`, reference, shasum: '' } }] });
  const composer = (now: string, old = lock({})): string[] => found('composer.lock', 'composer.json', [old, now]);

  it('lets a later version of the same repository pass', () => {
    expect(composer(lock({ version: '1.1.0', reference: 'bbb' }))).toEqual([]);
  });
  it('objects to another repository under the same name', () => {
    expect(composer(lock({ version: '1.1.0', owner: 'evil', reference: 'bbb' }))).toEqual([expect.stringMatching(/is fetched from evil\/b now, and came from a\/b/)]);
  });
  it('objects to another commit under the same version, but for branches', () => {
    expect(composer(lock({ reference: 'bbb' }))).toEqual([expect.stringMatching(/is another commit, and is the same version/)]);
    expect(composer(lock({ version: 'dev-main', reference: 'bbb' }), lock({ version: 'dev-main' }))).toEqual([]);
  });
});

describe('packages inside of others', () => {
  const hash = (letter: string): string => `sha512-${letter.repeat(86)}==`;
  const lock = (packages: object): string => JSON.stringify({ lockfileVersion: 3, packages: { '': {}, 'node_modules/a': { version: '1.0.0', resolved: 'https://registry.npmjs.org/a/-/a-1.0.0.tgz', integrity: hash('A') }, ...packages } });
  const npm = (packages: object, old: object = {}): string[] => found('package-lock.json', 'package.json', [lock(old), lock(packages)]);

  it('have no hash of their own', () => {
    expect(npm({ 'node_modules/a/node_modules/z': { version: '1.0.0', inBundle: true } })).toEqual([]);
  });
  it('but nothing loses its hash by saying so', () => {
    expect(npm({ 'node_modules/z': { version: '1.0.0', inBundle: true } })).toHaveLength(1);
    const had = { 'node_modules/a/node_modules/z': { version: '1.0.0', resolved: 'https://registry.npmjs.org/z/-/z-1.0.0.tgz', integrity: hash('Z') } };
    expect(npm({ 'node_modules/a/node_modules/z': { version: '1.0.0', inBundle: true } }, had)).toHaveLength(1);
    expect(npm({ 'node_modules/a/node_modules/z': { version: '1.0.0', inBundle: true, resolved: 'https://registry.npmjs.org/z/-/z-1.0.0.tgz' } })).toHaveLength(1);
  });
});

it("a checksum of Yarn's that is too short is a weaker one", () => {
  const lock = (version: string, checksum: string): string => `__metadata:\n  version: 8\n\n"a@npm:^1":\n  version: ${version}\n  resolution: "a@npm:${version}"\n  checksum: 10c0/${checksum}\n  languageName: node\n  linkType: hard\n`;
  expect(found('yarn.lock', 'package.json', [lock('1.0.0', 'a'.repeat(128)), lock('1.1.0', 'b'.repeat(128))])).toEqual([]);
  expect(found('yarn.lock', 'package.json', [lock('1.0.0', 'a'.repeat(128)), lock('1.1.0', 'b'.repeat(40))])).toHaveLength(1);
});
