import fc from 'fast-check';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { describe, expect, test } from 'vitest';
import { createRecipeDesigner } from '../recipe/designer.ts';
import { contextOf, designInput, GOOD_ISSUE, parsers } from '../recipe/recipe.fixture.ts';
import { placeLink } from './places.ts';
import { renderDocument } from './render-document.ts';
import { code, inline, table } from './markdown.ts';

const HOSTILE = [
  '<script>alert(1)</script>', '<img src=x>', '![x](https://evil.example/p.png)', '[click](https://evil.example)', '@octocat please', 'fixes #1 and octo/api#2', 'https://evil.example', 'www.evil.example',
  'a | b | c', '`code` ``x``', '# heading', '- item', '1. item', '> quote', '***', '&lt;b&gt;', '\u202Eevil', 'line\nbreak\n\n## new', '<!-- hidden', '[ref]: https://evil.example', '$x$', '~~~',
];

/** The kinds of node that outside text made, besides plain text. */
function kindsOf(markdown: string): Set<string> {
  const kinds = new Set<string>();
  const visit = (node: { type: string; children?: unknown }): void => {
    kinds.add(node.type);
    if (Array.isArray(node.children)) for (const child of node.children) visit(child);
  };
  visit(fromMarkdown(markdown));
  return kinds;
}

describe('inline', () => {
  test.each(HOSTILE)('%j stays plain text', (text) => {
    const shown = inline(text);
    expect([...kindsOf(shown)].filter((kind) => !['root', 'paragraph', 'text', 'inlineCode'].includes(kind))).toEqual([]);
    expect(shown).not.toMatch(/@|:\/\/|www\.|\n|\u202E/);
    expect(shown).not.toMatch(/(?<!&)#/);
  });

  test('whatever the text is, only a paragraph of text and code comes out', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.array(fc.constantFrom(...HOSTILE)).map((parts) => parts.join(' '))), (text) => {
      expect([...kindsOf(`x ${inline(text)}`)].filter((kind) => !['root', 'paragraph', 'text', 'inlineCode'].includes(kind))).toEqual([]);
    }));
  });
});

test('what stands between single backticks is code, and nothing in it is a mention, a link or the end of a cell', () => {
  expect(inline('takes `a_b` and `@octocat | x`')).toBe('takes `a_b` and `@octocat ¦ x`');
  expect(inline('`unclosed and ``double`` `')).not.toMatch(/(?<!\\)`unclosed/);
  fc.assert(fc.property(fc.array(fc.constantFrom('`', '``', '\\', '|', 'a', ' ', '*', '<b>', '\n')).map((parts) => parts.join('')), (text) => {
    const row = table(['a', 'b'], [[inline(text), 'end']]).split('\n').at(-1) ?? '';
    expect(row.match(/(?<!\\)\|/g)).toHaveLength(3);
    expect([...kindsOf(`x ${inline(text)}`)].filter((kind) => !['root', 'paragraph', 'text', 'inlineCode'].includes(kind))).toEqual([]);
  }));
});

test('code cannot be left, nor a table cell', () => {
  for (const text of HOSTILE) {
    expect([...kindsOf(`x ${code(text)} y`)].sort()).toEqual(['inlineCode', 'paragraph', 'root', 'text']);
    expect(table(['a', 'b'], [[code(text), inline(text)]]).split('\n').at(-1)?.match(/(?<!\\)\|/g)).toHaveLength(3);
  }
});

test('every document is rendered, says that no model was used, and lists its evidence', async () => {
  const context = await contextOf();
  const design = await createRecipeDesigner(parsers).design(designInput(context, `${HOSTILE.filter((text) => !text.startsWith('<!--') && !text.startsWith('~~~')).join('\n\n')}\n\n${GOOD_ISSUE}`));
  if (design.kind !== 'designed' || !design.architecture || !design.scope || !design.plan || !design.gates) throw new Error('no design');
  const { decision, architecture, scope, plan, gates } = design;
  for (const shown of [renderDocument('decision', decision), renderDocument('architecture', architecture), renderDocument('scope', scope), renderDocument('plan', plan), renderDocument('gates', gates)]) {
    expect(shown).toContain('No model was used');
    if (!shown.startsWith('# Gates')) expect(shown).toContain('`src/delay.ts`');
    expect(shown).not.toMatch(/<script|<img|@octocat|\]\(http|:\/\//);
    expect([...kindsOf(shown)].filter((kind) => ['html', 'image', 'link', 'definition'].includes(kind))).toEqual([]);
  }
});

describe('with places, what a document names opens at the pinned commit', () => {
  const COMMIT = 'a'.repeat(40);
  const places = { serverUrl: 'https://github.example', repos: [{ repo: 'octo/api', baseCommit: COMMIT }] };

  test('at its lines; a name cannot lead elsewhere, nor end the link', () => {
    expect(placeLink({ repo: 'octo/api', path: 'src/a.ts', lines: [3, 9] }, places)).toBe(`[\`src/a.ts\`](https://github.example/octo/api/blob/${COMMIT}/src/a.ts#L3-L9)`);
    expect(placeLink({ repo: 'octo/api', path: 'src/a.ts', lines: [3, 3] }, places, 'E1')).toBe(`[\`E1\`](https://github.example/octo/api/blob/${COMMIT}/src/a.ts#L3)`);
    expect(placeLink({ repo: 'octo/other', path: 'src/a.ts' }, places)).toBe('`src/a.ts`');
    // A browser takes these out of an address, and would end up in somebody else's repository.
    for (const path of ['../../../../mallory/evil', 'a/./b', 'a//b', '%2e%2e/../../../../mallory/evil', '..']) expect(placeLink({ repo: 'octo/api', path }, places)).toBe(`\`${path}\``);
    for (const path of [...HOSTILE, 'a) [x](https://evil.example', 'a#b?c', 'a_b*c~d', '\uD800']) {
      const tree = fromMarkdown(`x ${placeLink({ repo: 'octo/api', path }, places)} y`);
      const [paragraph] = tree.children;
      const links = paragraph?.type === 'paragraph' ? paragraph.children.filter(({ type }) => type !== 'text') : [];
      if (path.includes('//')) expect(links, path).toEqual([expect.objectContaining({ type: 'inlineCode' })]);
      else expect(links, path).toEqual([expect.objectContaining({ type: 'link', url: expect.stringMatching(new RegExp(`^https://github\\.example/octo/api/blob/${COMMIT}/[^\\s?#]*$`)) })]);
      for (const link of links) if (link.type === 'link') expect(new URL(link.url).pathname.startsWith(`/octo/api/blob/${COMMIT}/`), path).toBe(true);
    }
  });

  test('every kind of document says its base once, and one repository is not named on each line', async () => {
    const context = await contextOf();
    const design = await createRecipeDesigner(parsers).design(designInput(context, GOOD_ISSUE));
    if (design.kind !== 'designed' || !design.plan || !design.decision || !design.scope) throw new Error('no design');
    const plan = renderDocument('plan', design.plan, places);
    expect(plan).toContain(`, \`octo/api\` at \`aaaaaaa\`.`);
    expect(plan).toMatch(/modify \[`src\/delay\.ts`\]\(https:\/\/github\.example\/octo\/api\/blob\/a{40}\/src\/delay\.ts\)/);
    expect(plan).not.toContain('| Repository |');
    expect(plan).toMatch(/Made from, by SHA-256: `[0-9a-f]{12}`/);
    expect(renderDocument('scope', design.scope, places)).toMatch(/- `AC1` .+\n {2}- Verified by: /);
  });
});
