import { expect, it } from 'vitest';
import { KNOWN_PRESET_RULES, PRESET_RULES } from './preset.ts';

it('has a trigger for each rule of the preset, so that a new version’s new rules are looked at', () => {
  expect(PRESET_RULES.toSorted()).toEqual(KNOWN_PRESET_RULES.toSorted());
});
