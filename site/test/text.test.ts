import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCanonicalDiff } from '../src/diff/read-diff.ts';
import { html } from '../src/lib/html.ts';
import { createLinks } from '../src/lib/links.ts';
import { renderMarkdown } from '../src/lib/markdown.ts';
import { readSettings } from '../src/lib/settings.ts';
import { showDuration, showInstant } from '../src/lib/time.ts';
import { visibleHtml, visibleText } from '../src/lib/visible.ts';

const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

describe('text of strangers', () => {
  test('a template escapes what is not HTML already', () => {
    expect(html`<a title="${'"><b>'}">${html`<i>${'&'}</i>`}</a>`.text).toBe('<a title="&quot;&gt;&lt;b&gt;"><i>&amp;</i></a>');
  });

  test('any text becomes markup without a tag of its own and without an unseen character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const shown = visibleHtml(text).text.replaceAll(/<span class="unseen" title="[^"<>]*">⟨U\+[0-9A-F]{4,6}⟩<\/span>/g, '');
        expect(shown).not.toMatch(/[<>"']/);
        expect(shown.replaceAll(/[\t\n]/g, '')).not.toMatch(UNSEEN);
        expect(visibleText(text).replaceAll(/[\t\n]/g, '')).not.toMatch(UNSEEN);
      }),
    );
  });

  test.each([
    ['[a](javascript:alert(1))', 'javascript'],
    ['<script>alert(1)</script>', '<script'],
    ['![a](https://tracker.example/x.png)', '<img'],
    ['<a href="https://x.example" onclick="x()">a</a>', '<a'],
    ['[a]: data:text/html,x\n\n[a]', 'data:'],
  ])('Markdown %j brings nothing active', (text, never) => {
    expect(renderMarkdown(text).text.toLowerCase()).not.toContain(`${never}"`);
    expect(renderMarkdown(text).text).not.toMatch(/<(?:script|img)|href="(?!https?:|mailto:|#|")/);
  });

  test('Markdown of any text never holds a script, a picture or a handler', () => {
    const piece = fc.constantFrom('<script>', '</td>', '[x](', 'javascript:', '![', '](https://a.example)', '|a|b|\n|-|-|\n', '`', '\n\n', '# ', '<h1>', '"', 'onload=', ')', '&lt;');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        expect(renderMarkdown(pieces.join('')).text).not.toMatch(/<(?:script|img|h1)|href="javascript|<[a-z]+ on/);
      }),
    );
  });
});

describe('links', () => {
  const links = createLinks({ serverUrl: 'https://github.com', controlRepo: 'octo/control' });

  test('are built from checked parts', () => {
    expect(links.run(7)).toBe('https://github.com/octo/control/actions/runs/7');
    expect(links.ledgerFile('a'.repeat(40), 'a b/"c".json')).toBe(`https://github.com/octo/control/blob/${'a'.repeat(40)}/a%20b/%22c%22.json`);
    expect([links.repo('../x'), links.commit('octo/api', 'HEAD'), links.issue('octo/api', -1), links.user('a/b')]).toEqual([null, null, null, null]);
  });

  test('are left out when the server is not known', () => {
    expect(createLinks({ serverUrl: null, controlRepo: 'octo/control' }).run(7)).toBeNull();
  });
});

describe('settings', () => {
  test('come from the environment, GitHub\'s own names as a fallback', () => {
    expect(readSettings({ COUNTERSIGN_LEDGER: '/l', GITHUB_SERVER_URL: 'https://ghes.example/', GITHUB_REPOSITORY: 'octo/control' })).toEqual({ ledgerDir: '/l', ledgerRef: 'ledger', serverUrl: 'https://ghes.example', controlRepo: 'octo/control' });
  });

  test.each([{}, { COUNTERSIGN_LEDGER: '/l', COUNTERSIGN_SERVER_URL: 'javascript:alert(1)' }, { COUNTERSIGN_LEDGER: '/l', COUNTERSIGN_CONTROL_REPO: 'x' }])('%j is refused', (env) => {
    expect(() => readSettings(env)).toThrow(/COUNTERSIGN_/);
  });
});

describe('times', () => {
  test('are the same for every reader', () => {
    expect(showInstant('2026-11-05T09:07:00Z')).toBe('5 Nov 2026, 09:07 UTC');
    expect([5, 65, 3600, 7500, 90_000].map(showDuration)).toEqual(['5 s', '1 min', '1 h', '2 h 5 min', '1 d 1 h']);
  });
});

describe('a diff is shown whole or says that it is not', () => {
  const HEAD = 'diff --git a/f b/f\nindex 1111111111111111111111111111111111111111..2222222222222222222222222222222222222222 100644\n--- a/f\n+++ b/f\n';
  const missing = (text: string | Buffer): string | null => readCanonicalDiff(Buffer.from(text)).missing;

  test('a whole one', () => {
    expect(missing(`${HEAD}@@ -1 +1,2 @@\n-a\n+b\n+c\n`)).toBeNull();
    expect(missing('diff --git a/x b/x\nold mode 100644\nnew mode 100755\n')).toBeNull();
  });

  test.each([
    ['an empty one', '', /empty/],
    ['a hunk that is cut short', `${HEAD}@@ -1,3 +1,2 @@\n-a\n+b\n`, /cut short/],
    ['text after the last hunk', `${HEAD}@@ -1 +1 @@\n-a\n+b\nhidden\n`, /cannot be read/],
    ['a line more than the hunk says', `${HEAD}@@ -1 +1 @@\n-a\n+b\n+evil()\n`, /cannot be read/],
    ['text before the first file', `note\n${HEAD}@@ -1 +1 @@\n-a\n+b\n`, /cannot be read/],
    ['a binary file', 'diff --git a/x b/x\nindex 1111..2222 100644\nGIT binary patch\nliteral 0\n', /binary/],
    ['bytes that are not UTF-8', Buffer.concat([Buffer.from(`${HEAD}@@ -1 +1 @@\n-a\n+b`), Buffer.from([0xe9, 0x0a])]), /UTF-8/],
  ])('%s', (_, text, reason) => {
    expect(missing(text)).toMatch(reason);
  });
});
