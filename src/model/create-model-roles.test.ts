import { expect, test } from 'vitest';
import { createModelRoles, type ModelSetup } from './create-model-roles.ts';
import { parsers } from './recipe/recipe.fixture.ts';

const setup = (name: string, url: string | null): ModelSetup => ({
  model: { name, url, maxOutputTokens: 100, timeoutSeconds: 1 }, apiKey: null, clock: { monotonicMs: () => 0, sleep: async () => undefined }, costMicroUsdMax: null, costMicroUsdUsed: 0, price: null,
});

test('a known provider needs no address, any other does, and names are kept for the record', () => {
  expect(createModelRoles(setup('openai/gpt-x', null), parsers).designer.name).toBe('openai/gpt-x');
  expect(createModelRoles(setup('ollama/org/model:7b', 'http://localhost:11434/v1/'), parsers).proposer.name).toBe('ollama/org/model:7b');
});

test.each([
  ['gpt', null, /PROVIDER\/MODEL/],
  ['constructor/x', null, /model\.url/],
  ['mine/x', 'http://models.example/v1', /https/],
  ['mine/x', 'http://localhost.evil.example/v1', /https/],
  ['mine/x', 'file:///etc/passwd', /https/],
])('%s at %s is refused with what to do', (name, url, message) => {
  expect(() => createModelRoles(setup(name, url), parsers)).toThrow(message);
});
