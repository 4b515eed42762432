import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const MAIN = join(import.meta.dirname, 'main.ts');

// In /proc nothing can be made, and Node's recursive mkdir tries for ever.
test.each(['/proc/nobody', '/dev/null', '/proc'])('a home of %s, where no cache can lie, disturbs nothing', (home) => {
  const { XDG_CACHE_HOME, ...env } = process.env;
  const { status, stdout } = spawnSync(process.execPath, [MAIN, 'ledger', 'canonical', '-'], { input: '{"b":1,"a":2}', env: { ...env, HOME: home }, timeout: 600_000, encoding: 'utf8' });
  expect({ status, stdout, without: XDG_CACHE_HOME }).toMatchObject({ status: 0, stdout: '{"a":2,"b":1}' });
});
