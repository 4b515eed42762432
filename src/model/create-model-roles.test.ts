import { expect, test } from 'vitest';
import { createModelRoles, type ModelSetup } from './create-model-roles.ts';
import { systemClock } from '../system/clock.ts';
import { KEY, startProvider, WIRES } from './client/testing.ts';
import { contextOf, designInput, parsers } from './recipe/recipe.fixture.ts';

const common = { maxOutputTokens: 1_000, timeoutSeconds: 1, temperature: 0, price: null, roles: {} };
const setup = (model: Partial<ModelSetup['model']> & { name: string }, keys: string | null = null): ModelSetup => ({
  model: { ...common, url: null, ...model },
  keys,
  clock: { now: () => '2026-11-22T12:00:00Z', monotonicMs: () => 0, sleep: async (ms, signal) => systemClock.sleep(ms, signal) },
  log: () => undefined,
  budget: { costMicroUsdMax: null, costMicroUsdUsed: 0, tokensMax: null, tokensUsed: 0, unknownCalls: 0 },
  spentByRole: {},
});

test('a known provider needs no address, any other does, and names are kept for the record', () => {
  expect(createModelRoles(setup({ name: 'openai/gpt-x' }), parsers).designer.name).toBe('openai/gpt-x');
  expect(createModelRoles(setup({ name: 'ollama/org/model:7b' }), parsers).proposer.name).toBe('ollama/org/model:7b');
});

test.each([
  ['gpt', null, /PROVIDER\/MODEL/],
  ['constructor/x', null, /model\.url/],
  ['mine/x', 'http://models.example/v1', /https/],
  ['mine/x', 'http://localhost.evil.example/v1', /https/],
  ['mine/x', 'file:///etc/passwd', /https/],
  ['mine/x', 'https://user:secret@models.example/v1', /^(?!.*secret@).*no user name, password/],
  ['mine/x', 'https://models.example/v1#key', /#/],
  ['mine/x', 'https://models.example/v1?key=sk-1', /^(?!.*sk-1).*api-version/],
  ['mine/x', 'http://localhost@evil.example/v1', /https/],
])('%s at %s is refused with what to do', (name, url, message) => {
  expect(() => createModelRoles(setup({ name, url }), parsers)).toThrow(message);
});

test('a role may ask another model, and each provider gets its own key and no other', async () => {
  const model = await startProvider('anthropic', WIRES.anthropic.answer('nonsense'));
  const other = await startProvider('openai-compatible', WIRES['openai-compatible'].answer('nonsense'));
  try {
    const roles = createModelRoles(setup({ name: 'anthropic/m-1', url: model.url, roles: { proposer: { name: 'mine/m-1', url: other.url } } }, `anthropic=${KEY}\nmine=other-key`), parsers);
    expect([roles.designer.name, roles.proposer.name]).toEqual(['anthropic/m-1', 'mine/m-1']);
    const input = designInput(await contextOf(), 'The client waits too short.');
    const designed = await roles.designer.design(input);
    expect(designed).toMatchObject({ kind: 'failed', code: 'model-not-by-schema' });
    expect(new Set(model.asked.map(({ key }) => key))).toEqual(new Set([KEY]));
    expect(other.asked).toEqual([]);
  } finally {
    await Promise.all([model.close(), other.close()]);
  }
});

test("a role's caps, price and model are its own: the key that a sentence names is the one that helps", async () => {
  const model = await startProvider('openai-compatible', WIRES['openai-compatible'].answer('nonsense'));
  try {
    const input = designInput(await contextOf(), 'The client waits too short.');
    const reasonOf = async (roles: ModelSetup['model']['roles'], more: Partial<ModelSetup> = {}) => {
      const designed = await createModelRoles({ ...setup({ name: 'mine/m-1', url: model.url, roles, price: { inputUsd: 1, outputUsd: 1 } }, KEY), ...more }, parsers).designer.design(input);
      return designed.kind === 'failed' ? designed.reason : designed.kind;
    };
    expect(await reasonOf({ triage: { costUsd: 0 } })).toMatch(/^The triage was not asked \(over-budget\): this call could bring the triage to \$\d.*\(model\.roles\.triage\.costUsd\); raise it, or lower context\.budgetBytes or model\.maxOutputTokens$/);
    expect(await reasonOf({ triage: { tokens: 2_000_000, maxOutputTokens: 500 } }, { spentByRole: { triage: { costMicroUsdUsed: 0, tokensUsed: 1_999_990, unknownCalls: 0 } } })).toMatch(/model\.roles\.triage\.tokens.*model\.roles\.triage\.maxOutputTokens$/);
    expect(await reasonOf({ triage: { name: 'mine/m-2', url: model.url, costUsd: 1 } })).toMatch(/the price of mine\/m-2 is not known; give model\.roles\.triage\.price/);
    expect(await reasonOf({ architect: { costUsd: 0 } }), 'of another role').toMatch(/triage gave no usable answer/);
    expect(model.asked.length, 'the last one alone, with its repair').toBe(2);
  } finally {
    await model.close();
  }
});

test('a role with another model of the same provider asks it at the same address; one of another provider needs its own', async () => {
  const model = await startProvider('openai-compatible', WIRES['openai-compatible'].answer('nonsense'));
  try {
    const input = designInput(await contextOf(), 'The client waits too short.');
    await createModelRoles(setup({ name: 'mine/m-1', url: model.url, roles: { triage: { name: 'mine/m-2' } } }, KEY), parsers).designer.design(input);
    expect(model.asked[0]?.body).toMatchObject({ model: 'm-2' });
    expect(() => createModelRoles(setup({ name: 'mine/m-1', url: model.url, roles: { triage: { name: 'other/m-2' } } }), parsers)).toThrow(/provider other\. Set model\.roles\.triage\.url/);
  } finally {
    await model.close();
  }
});

test.each([
  ['openai/m', 'anthropic=a-key', /no-model-key|none for openai/],
  ['openai/m', 'anthropic=a-key\ngoogle=b-key', /none for openai/],
])('%s with keys for others only is refused with the line to add', (name, keys, message) => {
  expect(() => createModelRoles(setup({ name }, keys), parsers)).toThrow(message);
});

test('a key with = in it is a key, and a server that wants none gets none of the others', async () => {
  const model = await startProvider('openai', WIRES.openai.answer('nonsense'));
  try {
    const input = designInput(await contextOf(), 'The client waits too short.');
    await createModelRoles(setup({ name: 'openai/m-1', url: model.url }, ' abcdef=ghij==\n'), parsers).designer.design(input);
    expect(model.asked[0]?.key).toBe('Bearer abcdef=ghij==');
    expect(createModelRoles(setup({ name: 'ollama/m' }, 'anthropic=a-key'), parsers).designer.name).toBe('ollama/m');
  } finally {
    await model.close();
  }
});

test('one key for models of several providers is refused, not sent to each of them', () => {
  const roles = { proposer: { name: 'mine/m', url: 'https://models.example/v1' } };
  expect(() => createModelRoles(setup({ name: 'anthropic/m', roles }, KEY), parsers)).toThrow(/one key, and models of anthropic and mine are asked.*anthropic=KEY, mine=KEY/);
  expect(() => createModelRoles(setup({ name: 'anthropic/m', roles }, `mine=${KEY}`), parsers)).toThrow(/none for anthropic/);
  expect(createModelRoles(setup({ name: 'anthropic/m', roles: { proposer: { name: 'anthropic/n' } } }, KEY), parsers).proposer.name).toBe('anthropic/n');
});
