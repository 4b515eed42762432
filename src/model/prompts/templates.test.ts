import { expect, test } from 'vitest';
import { hashCanonical } from '../../schema/canonical-json.ts';
import { promptTemplatesFor, ROLE_TEMPLATES } from './templates.ts';

test('a recipe is made for no template, a model for those of every role', () => {
  expect(promptTemplatesFor('recipe', hashCanonical)).toEqual([]);
  const templates = promptTemplatesFor('openai/gpt', hashCanonical);
  expect(templates.map(({ role }) => role)).toEqual(Object.keys(ROLE_TEMPLATES));
  expect(new Set(templates.map(({ hash }) => hash)).size).toBe(templates.length);
});
