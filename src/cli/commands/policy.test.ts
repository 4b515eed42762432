import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'countersign-test-'));
const write = (name: string, text: string): void => writeFileSync(join(directory, name), text);
const run = (...args: string[]): { code: number | null; out: string; err: string } => {
  const done = spawnSync(process.execPath, [MAIN, 'policy', ...args], { cwd: directory, encoding: 'utf8' });
  return { code: done.status, out: done.stdout, err: done.stderr };
};

beforeAll(() => {
  write('countersign.yml', 'policy:\n  frozen-files: {paths: [infra/]}\ntargets:\n  - {repo: octo/api, policy: {frozen-files: WARN}}\n');
});
afterAll(() => rmSync(directory, { recursive: true }));

const CASES = `
base:
  README.md: "# api\\n"
  infra/main.tf: "a\\n"
cases:
  - name: documentation
    change: {README.md: "# API\\n"}
    expect: pass
    violations: []
  - name: frozen
    change: {infra/main.tf: "b\\n", run.sh: {text: "x\\n", mode: "100755"}}
    violations: [{rule: frozen-files, path: infra/main.tf, severity: BLOCK}, {rule: executables}]
  - name: the target's own settings
    repo: octo/api
    change: {infra/main.tf: null}
    expect: warn
  - name: a patch outside of the scope
    scope: [src/**]
    patch: |
      diff --git a/README.md b/README.md
      --- a/README.md
      +++ b/README.md
      @@ -1 +1 @@
      -# api
      +# API
    violations: [{rule: scope}]
`;

describe('policy test', () => {
  it('holds: changes, patches, targets, scopes', () => {
    write('cases.yml', CASES);
    const { code, out } = run('test', 'cases.yml', '--json');
    expect([code, JSON.parse(out)]).toMatchObject([0, { ok: true, cases: 4, failed: 0 }]);
  });
  it('names what is missing and what was not expected', () => {
    write('fails.yml', 'base: {a: "1"}\ncases:\n  - {name: one, change: {infra/x: "1\\n"}, violations: [{rule: size}]}\n  - {name: two, change: {b: null}, expect: pass}\n  - {name: three, patch: "no diff", expect: pass}\n');
    const { code, out } = run('test', 'fails.yml');
    expect(code).toBe(1);
    expect(out).toContain('Expected and not found: size.');
    expect(out).toMatch(/Found and not expected: BLOCK frozen-files infra\/x/);
    expect(out).toContain('The change deletes b');
    expect(out).toContain('The patch does not apply');
    expect(out).toContain("3 of 3 cases do not hold");
  });
  it('refuses a file that is no table of cases with the line and 2', () => {
    write('bad.yml', 'cases:\n  - name: x\n    chnage: {a: "1"}\n    expect: block\n');
    const { code, out, err } = run('test', 'bad.yml');
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/line 3: .*chnage.*change/);
    for (const text of ['- 1', 'cases: []', 'cases:\n  - {name: x, change: {../a: b}, expect: pass}', '{{{', 'cases:\n  - {name: x, expect: pass}']) {
      write('bad.yml', text);
      expect(run('test', 'bad.yml').code).toBe(2);
    }
    expect(run('test', 'none.yml').code).toBe(2);
  });
});

describe('policy simulate', () => {
  it('says in one sentence that there is no ledger or no config', () => {
    expect(run('simulate', '--ledger', '.', '--config', 'countersign.yml')).toMatchObject({ code: 2, out: '' });
    expect(run('simulate', '--ledger', '.', '--config', 'none.yml')).toMatchObject({ code: 2, err: expect.stringContaining('none.yml') });
  });
});
