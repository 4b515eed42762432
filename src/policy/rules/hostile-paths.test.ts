import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { added, caughtBy, configOf, deleted, judgeBy, modified } from '../testing.ts';

const hostile: readonly (readonly [string, string])[] = [
  ['../up', 'climbs out'], ['a/../b', 'climbs out'], ['a/．．/b', 'climbs out'], ['a\\..\\b', 'climbs out'], ['/etc/passwd', 'is absolute'], ['C:/x', 'is absolute'], ['c:x', 'is absolute'],
  ['b//x', 'empty name'], ['a/', 'empty name'], ['', 'is empty'], ['./a', 'has a "."'],
  ['.git/config', '.git'], ['.GIT/hooks/post-checkout', '.git'], ['sub/.Git', '.git'], ['git~1/config', '.git'], ['GIT~1', '.git'], ['.git::$INDEX_ALLOCATION/config', '.git'], ['.git:x', '.git'],
  ['.g\u200Cit/config', '.git'], ['.gi\uFEFFt', '.git'], ['.git /config', '.git'], ['.git./config', '.git'], ['.git...', '.git'], ['．git/config', '.git'], ['.gıt/x', '.git'], ['a\\.git\\config', '.git'],
  ['a\\b', 'backslash'], ['a\nb', 'control character U+000A'], ['a\tb', 'U+0009'], ['a\u007F', 'U+007F'], ['a\u0000b', 'U+0000'], ['a\u0085', 'U+0085'],
  ['dir./x', 'trailing dot'], ['x ', 'trailing dot or space'], ['a /b', 'trailing dot or space'], ['CON', 'device'], ['con.txt', 'device'], ['CON.', 'device'], ['a/nul/b', 'device'], ['aux.c', 'device'], ['COM1.log', 'device'], ['lpt9', 'device'], ['com¹', 'device'], ['CONIN$', 'device'], ['nul .txt', 'device'],
  ['GITMOD~1', 'short name'], ['gi7eba~1', 'short name'], ['PROGRA~2/x', 'short name'], ['file.txt:stream', 'colon'],
  ['pаckage.json', 'mixes Cyrillic and Latin'], ['srс/index.ts', 'mixes'], ['Αgents/x', 'mixes'], ['ｐackage.json', 'look-alike'], ['𝐩ackage.json', 'look-alike'], ['сор.js', 'all look Latin'],
  ['a\u202Etxt.exe', 'U+202E'], ['a\u200Bb', 'U+200B'], ['tag\u{E0041}', 'U+E0041'], ['a\u00A0b', 'U+00A0'], ['\uD800', 'U+D800'],
  [`${'d/'.repeat(600)}x`, 'bytes long'], ['n'.repeat(256), 'name of 256 bytes'], ['é'.repeat(128), 'name of 256 bytes'],
];
const harmless = ['src/index.ts', 'app/[slug]/page.tsx', 'a b/c d.txt', '.gitignore', '.github2/x', 'gitgit/x', 'docs/документация/файл-api.md', 'docs/日本語api.md', 'docs/한국어.txt', 'Ελληνικά/αρχείο.md', 'naïve/café.md', 'emoji-🎉.md', 'console.ts', 'com.example/x', 'aux-files/x', 'backup~', 'a~1b.txt', 'v1.2.3/x', '...gitkeep', '@types/node', 'a+b/(group)/x', 'straße.md'];

describe('hostile paths', () => {
  it.each(hostile)('%j is caught: %s', (path, what) => {
    const { violations } = judgeBy('hostile-paths', [added(path)]);
    expect(violations.map(({ message }) => message).join(' ')).toContain(what);
    expect(violations.every(({ severity }) => severity === 'BLOCK')).toBe(true);
  });

  it.each(harmless)('%j passes', (path) => {
    expect(judgeBy('hostile-paths', [added(path)]).violations).toEqual([]);
  });

  it('welcomes the deletion of a badly named file', () => {
    expect(caughtBy('hostile-paths', [deleted('aux.c')])).toEqual([]);
    expect(caughtBy('hostile-paths', [modified('aux.c')])).toEqual(['aux.c']);
  });

  it('lifts an oddity by name, and never a deceit', () => {
    const allow = [{ path: '**', repo: null, reason: 'a kernel has such names', expires: '2030-01-01' }];
    const config = configOf('hostile-paths', { allow, pathBytesMax: 1024, nameBytesMax: 255 });
    const result = judgeBy('hostile-paths', [added('drivers/aux.c'), added('.git/config'), added('a/../b')], { config });
    expect(result.allowed.map(({ path }) => path)).toEqual(['drivers/aux.c']);
    expect(new Set(result.violations.map(({ path }) => path))).toEqual(new Set(['.git/config', 'a/../b']));
    expect(result.violations[0]?.help).toContain('no setting allows');
  });
});

describe('collisions', () => {
  const collide = (path: string, basePaths: readonly string[]): string[] => judgeBy('hostile-paths', [added(path)], { basePaths }).violations.map(({ message }) => message);

  it.each([
    ['readme.md', ['README.md'], 'README.md'],
    ['SRC/new.ts', ['src/index.ts'], 'src'],
    ['Src', ['src/index.ts'], 'src'],
    ['caf\u00e9.md', ['cafe\u0301.md'], 'cafe\u0301.md'],
    ['stra\u00dfe.md', ['STRASSE.md'], 'STRASSE.md'],
    ['ɡit.ts', ['git.ts'], 'git.ts'],
  ])('%j beside %j', (path, base, other) => {
    expect(collide(path, base).join(' ')).toContain(`collides with ${other}`);
  });

  it('sees two added paths', () => {
    expect(caughtBy('hostile-paths', [added('a/B.ts'), added('a/b.ts')])).toEqual(['a/B.ts', 'a/b.ts']);
  });

  it('lets a change of case pass when the old path goes, and leaves collisions of the base alone', () => {
    expect(caughtBy('hostile-paths', [deleted('README.md'), added('Readme.md')], { basePaths: ['README.md', 'x'] })).toEqual([]);
    expect(caughtBy('hostile-paths', [added('net/new.c')], { basePaths: ['net/xt_DSCP.c', 'net/xt_dscp.c'] })).toEqual([]);
  });
});

describe('floods', () => {
  it('refuse a path of a hundred thousand folders by every list, without comparing it', () => {
    const path = `${'a/'.repeat(100_000)}x`;
    expect(caughtBy('hostile-paths', [added(path)], { basePaths: [path.toUpperCase()] })).toEqual([path]);
    expect(caughtBy('ci-files', [added(path)])).toEqual([path]);
    expect(caughtBy('scope', [added(path)], { scope: ['**'] })).toEqual([path]);
  });
});

describe('messages', () => {
  it('never hold a control or invisible character, whatever the path', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (path) => {
        const { violations } = judgeBy('hostile-paths', [added(path)]);
        for (const { message, why, help } of violations) expect(`${message}${why}${help}`).not.toMatch(/[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u);
      }),
      { numRuns: 2000 },
    );
  });
});
