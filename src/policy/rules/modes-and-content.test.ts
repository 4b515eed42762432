import { describe, expect, it } from 'vitest';
import { added, caughtBy, configOf, deleted, inputOf, judgeBy, modified } from '../testing.ts';
import { evaluatePolicy } from '../evaluate.ts';

const binary = { text: new Uint8Array([1, 2, 0, 3]) };

describe('symlinks', () => {
  it('catches new, retargeted and replaced links', () => {
    const changes = [added('a', { mode: '120000', text: '../../etc/passwd' }), modified('b', { mode: '120000' }, { mode: '120000' }), modified('c', { mode: '120000' }, {}), modified('d', {}, { mode: '120000' })];
    expect(caughtBy('symlinks', changes)).toEqual(['a', 'b', 'c', 'd']);
    expect(judgeBy('symlinks', changes).violations[0]?.message).toContain('../../etc/passwd');
  });
  it('shows a hostile target escaped', () => {
    expect(judgeBy('symlinks', [added('a', { mode: '120000', text: 'x\u001b[2J\u202E' })]).violations[0]?.message).toContain('x⟨U+001B⟩[2J⟨U+202E⟩');
  });
  it('lets files and deletions of links pass', () => {
    expect(caughtBy('symlinks', [added('a'), deleted('b', { mode: '120000' })])).toEqual([]);
  });
});

describe('submodules', () => {
  it('catches every change of one', () => {
    const changes = [added('a', { mode: '160000' }), modified('b', { mode: '160000' }, { mode: '160000' }), deleted('c', { mode: '160000' }), modified('d', {}, { mode: '160000' }), added('e')];
    expect(caughtBy('submodules', changes)).toEqual(['a', 'b', 'c', 'd']);
  });
});

describe('executables', () => {
  it('catches files that become executable, not those that were', () => {
    const changes = [added('a', { mode: '100755' }), modified('b', {}, { mode: '100755' }), modified('c', { mode: '100755' }, { mode: '100755' }), modified('d', { mode: '100755' }, {}), deleted('e', { mode: '100755' })];
    expect(caughtBy('executables', changes)).toEqual(['a', 'b']);
  });
});

describe('binary-files', () => {
  it('catches a NUL anywhere, on either side', () => {
    const late = new Uint8Array(20_000).fill(97);
    late[19_999] = 0;
    expect(caughtBy('binary-files', [added('a', binary), modified('b', binary, {}), modified('c', {}, binary), deleted('d', binary), added('late', { text: late }), added('text')])).toEqual(['a', 'b', 'c', 'd', 'late']);
  });
  it('trusts the diff when it says binary', () => {
    expect(caughtBy('binary-files', [{ ...added('a'), added: null, removed: null }])).toEqual(['a']);
  });
  it('leaves submodules to their own rule', () => {
    expect(caughtBy('binary-files', [{ ...added('a', { mode: '160000' }), added: null, removed: null }])).toEqual([]);
  });
});

describe('size', () => {
  const settings = { filesMax: 2, linesMax: 3, bytesMax: 10 };
  it('holds at the limit and blocks above it, each measure by itself', () => {
    const config = configOf('size', settings);
    expect(judgeBy('size', [added('a', { text: '1\n2\n' }), added('b', { text: '3\n' })], { config }).violations).toEqual([]);
    const { violations } = judgeBy('size', [added('a', { text: '1\n2\n' }), added('b', { text: '3\n4\n' }), added('c', { text: '1234567' })], { config });
    expect(violations.map(({ message }) => message)).toEqual(['3 files, and the limit is 2.', '4 lines added and removed, and the limit is 3.', '15 bytes of changed files, and the limit is 10.']);
    expect(violations[0]?.help).toContain('policy.size.filesMax');
  });
  it('allows nothing where a limit is not a number', () => {
    expect(judgeBy('size', [added('a')], { config: configOf('size', { filesMax: 'many' }) }).violations).toHaveLength(1);
  });
});

describe('scope', () => {
  it('is silent without a scope, and strict with one', () => {
    const changes = [modified('src/a.ts'), modified('SRC/a.ts'), modified('docs/src/a.ts'), added('src/.hidden'), modified('app/[slug]/page.tsx')];
    expect(caughtBy('scope', changes)).toEqual([]);
    expect(caughtBy('scope', changes, { scope: ['src/**', 'app/[slug]/page.tsx'] })).toEqual(['SRC/a.ts', 'docs/src/a.ts']);
    expect(caughtBy('scope', changes, { scope: [] })).toHaveLength(5);
    expect(caughtBy('scope', changes, { scope: ['!nothing', '+(a|b)'] })).toHaveLength(5);
  });
  it('cannot be lifted by an allowance', () => {
    const config = configOf('scope', { allow: [{ path: '**', repo: null, reason: 'everything', expires: '2030-01-01' }] });
    expect(caughtBy('scope', [modified('a')], { scope: ['b'], config })).toEqual(['a']);
  });
});

describe('deletions', () => {
  const basePaths = Array.from({ length: 20 }, (_, index) => `f${index}`);
  it('warns when many files of the repository go, and not for renames', () => {
    const gone = basePaths.slice(0, 6).map((path) => deleted(path, { blob: path.padEnd(40, '0') }));
    expect(judgeBy('deletions', gone, { basePaths }).violations.map(({ severity }) => severity)).toEqual(['WARN']);
    expect(judgeBy('deletions', gone.slice(0, 5), { basePaths }).violations).toEqual([]);
    const moved = gone.map(({ change }) => added(`new/${change.path}`, { blob: change.oldBlob ?? '' }));
    expect(judgeBy('deletions', [...gone, ...moved], { basePaths }).violations).toEqual([]);
  });
});

describe('an ordinary change', () => {
  it('passes every rule', () => {
    const result = evaluatePolicy(inputOf([modified('src/client.ts', { text: 'a\n' }, { text: 'b\n' }), added('test/client.test.ts')], { scope: ['src/**', 'test/**'] }));
    expect(result.rules.flatMap(({ violations }) => violations)).toEqual([]);
    expect(result).toMatchObject({ verdict: 'pass', block: 0, warn: 0 });
  });
});
