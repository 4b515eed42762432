import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { parseConfig } from '../../schema/config.ts';
import { createState } from '../../local/server/state.ts';
import { StateFile } from '../../local/server/state.ts';
import { addRepo } from '../../local/server/seed.ts';
import { renderConfig, type Settings } from './local-config.ts';
import { keysAgain, planModel, type PlannedModel } from './model-plan.ts';
import { MODEL_KEY } from './seed.ts';

const KEYS = { ANTHROPIC_API_KEY: 'sk-anthropic-0123456789', OPENAI_API_KEY: 'sk-openai-0123456789' };
const ROLES: Settings = { model: { roles: { proposer: { name: 'openai/gpt-x' }, planner: { temperature: 1 } } } };
const quiet = (): undefined => undefined;
let dir: string;
const open: PlannedModel[] = [];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'countersign-plan-'));
  for (const [name, value] of Object.entries({ ...KEYS, ANTHROPIC_BASE_URL: '', OPENAI_BASE_URL: '', AZURE_OPENAI_API_KEY: '' })) vi.stubEnv(name, value);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(open.splice(0).map(async ({ server }) => server?.close()));
  rmSync(dir, { recursive: true, force: true });
});

async function plan(over: Partial<Parameters<typeof planModel>[0]>): Promise<PlannedModel> {
  const planned = await planModel({ model: null, record: null, replay: null, settings: {}, ...over }, quiet);
  open.push(planned);
  return planned;
}
const configOf = ({ model }: PlannedModel, settings: Settings) => parseConfig(renderConfig({ login: 'octocat', targets: [{ repo: 'local/a', branch: 'main' }], model, settings })).model;

describe('roles with models of their own', () => {
  test('each provider has a line with its key, and each role its address', async () => {
    vi.stubEnv('OPENAI_BASE_URL', 'https://gateway.example.com/v1');
    const planned = await plan({ model: 'anthropic/m', settings: ROLES });
    expect(planned.model).toMatchObject({ url: null, providers: ['anthropic', 'openai'], key: `anthropic=${KEYS.ANTHROPIC_API_KEY}\nopenai=${KEYS.OPENAI_API_KEY}` });
    expect(configOf(planned, ROLES)).toMatchObject({ name: 'anthropic/m', url: null, roles: { proposer: { name: 'openai/gpt-x', url: 'https://gateway.example.com/v1' }, planner: { temperature: 1 } } });
  });

  test('a key that is missing for one of them is told by its model', async () => {
    vi.stubEnv('OPENAI_API_KEY', '');
    await expect(plan({ model: 'anthropic/m', settings: ROLES })).rejects.toMatchObject({ code: 'no-model-key', message: 'openai/gpt-x needs its key in OPENAI_API_KEY.' });
    await expect(plan({ model: 'anthropic/m', settings: { model: { roles: { proposer: { name: 'nobody/x' } } } } })).rejects.toMatchObject({ code: 'unknown-provider', message: expect.stringContaining('model.roles.proposer') });
  });

  test('a server that wants no key is never sent the other one', async () => {
    expect((await plan({ model: 'ollama/m', settings: ROLES })).model?.key).toBe(`openai=${KEYS.OPENAI_API_KEY}`);
  });

  test('are recorded, too, and a replay asks none of them', async () => {
    const asked: string[] = [];
    const provider = (name: string): Server => createServer((request, response) => void (asked.push(`${name} ${request.url}`), response.setHeader('content-type', 'application/json').end('{"n":1}')));
    const servers = [provider('main'), provider('other')];
    const urls = await Promise.all(servers.map(async (server) => new Promise<string>((resolve) => server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/v1`);
    }))));
    vi.stubEnv('ANTHROPIC_BASE_URL', urls[0]);
    const settings: Settings = { model: { roles: { proposer: { name: 'openai/gpt-x', url: urls[1] } } } };
    const record = join(dir, 'talk');
    const recorded = await plan({ model: 'anthropic/m', record, settings });
    const ask = async (url: string | null | undefined, path: string): Promise<number> => (await fetch(`${url}${path}`, { method: 'POST', body: '{"q":1}' })).status;
    expect([await ask(recorded.model?.url, '/messages'), await ask(recorded.model?.roleUrls.proposer, '/responses')]).toEqual([200, 200]);
    expect(asked).toEqual(['main /v1/messages', 'other /v1/responses']);

    vi.stubEnv('OPENAI_API_KEY', '');
    const replayed = await plan({ replay: record, settings });
    expect(configOf(replayed, settings).roles.proposer?.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/proposer$/);
    expect([await ask(replayed.model?.url, '/messages'), await ask(replayed.model?.roleUrls.proposer, '/responses'), await ask(replayed.model?.url, '/responses')]).toEqual([200, 200, 404]);
    expect(asked).toHaveLength(2);
    for (const server of servers) server.closeAllConnections();
    await Promise.all(servers.map(async (server) => new Promise((resolve) => server.close(resolve))));
  });
});

test.each(['https://user:pw@x.example/v1', 'https://x.example/v1?key=sk-0123456789', 'https://x.example/v1?api-version=1&subscription-key=sk-0123456789', 'http://x.example/v1', 'https://x.example/v1#sk'])('an address with a secret in it (%s) is refused unquoted', async (url) => {
  vi.stubEnv('OPENAI_BASE_URL', url);
  const error: unknown = await plan({ model: 'openai/m' }).catch((failed: unknown) => failed);
  expect(error).toMatchObject({ code: 'bad-model-url' });
  expect(String(error)).not.toMatch(/sk-0|pw@/);
});

test('Azure: its api-version stays, and no temperature is sent unless somebody sets one', async () => {
  vi.stubEnv('OPENAI_BASE_URL', 'https://x.openai.azure.com/openai/deployments/d?api-version=2026-06-01');
  vi.stubEnv('AZURE_OPENAI_API_KEY', 'azure-0123456789');
  const planned = await plan({ model: 'azure/d' });
  expect(configOf(planned, {})).toMatchObject({ temperature: null, url: expect.stringMatching(/\?api-version=2026-06-01$/) });
  expect(configOf(planned, { model: { temperature: 0.5 } }).temperature).toBe(0.5);
});

test("a model's key is in no file of the directory, and is looked for again", async () => {
  const state = createState();
  await addRepo(state, dir, { name: 'local/control', secrets: { [MODEL_KEY]: KEYS.OPENAI_API_KEY, OTHER: 'stays' } });
  new StateFile(dir, state, { onFailure: quiet, unsaved: [MODEL_KEY] }).flush();
  expect(readFileSync(join(dir, 'state.json'), 'utf8')).toContain('stays');
  expect(readFileSync(join(dir, 'state.json'), 'utf8')).not.toContain(KEYS.OPENAI_API_KEY);
  expect(existsSync(join(dir, 'state.json.tmp'))).toBe(false);
  const said: string[] = [];
  expect(keysAgain(['openai'], false, (line) => said.push(line))).toBe(KEYS.OPENAI_API_KEY);
  vi.stubEnv('OPENAI_API_KEY', '');
  expect(keysAgain(['openai'], false, (line) => said.push(line))).toBeNull();
  expect(said).toEqual([expect.stringContaining('OPENAI_API_KEY is not set')]);
});
