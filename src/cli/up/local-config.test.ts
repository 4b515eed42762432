import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { parseConfig } from '../../schema/config.ts';
import { readSettings, renderConfig } from './local-config.ts';

const dir = mkdtempSync(join(tmpdir(), 'countersign-settings-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const file = (text: string): string => {
  const path = join(dir, 'countersign.yml');
  writeFileSync(path, text);
  return path;
};
const HERE = { login: 'octocat', targets: [{ repo: 'local/api', branch: 'main' }] } as const;

test("somebody's limits, policy and settings of models hold; who approves, which repositories and which model do not come from there", async () => {
  const settings = await readSettings(file('approvers: [mallory]\ntargets: [{ repo: evil/repo, base: main }]\nmodel: { name: anthropic/other, timeoutSeconds: 7, price: { inputUsd: 1, outputUsd: 2 } }\nlimits: { costUsd: 0.5 }\nci: { timeoutSeconds: 60 }\npolicy: { size: { filesMax: 3 } }\n'));
  const config = parseConfig(renderConfig({ ...HERE, model: { name: 'ollama/qwen', url: null, roleUrls: {}, providers: ['ollama'], key: null }, settings }));
  expect(config).toMatchObject({ approvers: ['octocat'], targets: [{ repo: 'local/api' }], model: { name: 'ollama/qwen', timeoutSeconds: 7, price: { inputUsd: 1 } }, limits: { costUsd: 0.5 }, ci: { timeoutSeconds: 60, pollSeconds: 2 } });
  expect(JSON.stringify(config.policy)).toContain('"filesMax":3');
  expect(parseConfig(renderConfig({ ...HERE, model: null, settings })).model.name).toBe('recipe');
});

test('a file that is not there, or says what nobody knows, is one sentence', async () => {
  await expect(readSettings(join(dir, 'none.yml'))).rejects.toMatchObject({ code: 'bad-config', message: expect.stringContaining('--config') });
  await expect(readSettings(file('limits: { costEuro: 1 }\n'))).rejects.toMatchObject({ code: 'bad-config', message: expect.stringContaining('costEuro') });
  await expect(readSettings(file(''))).resolves.toEqual({});
});
