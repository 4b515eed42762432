import { expect, test } from 'vitest';
import { inline } from '../../orchestrator/text.ts';
import { plainText } from './report.ts';

test.each(['a list ("- [ ] When …")', '`code` and *stars* @octocat #1 <b> & a\\b'])('what was made safe for Markdown reads in the terminal as it was written, code without its marks: %s', (text) => {
  expect(plainText(inline(text))).toBe(text.replaceAll('`', ''));
});

test('marks of our own are left out', () => {
  expect(plainText('Next: comment `/retry` on it.')).toBe('Next: comment /retry on it.');
});
