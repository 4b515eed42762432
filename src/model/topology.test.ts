import { fromMarkdown } from 'mdast-util-from-markdown';
import { expect, test } from 'vitest';
import { parseDocument } from '../schema/documents.ts';
import { createRecipeDesigner } from './recipe/designer.ts';
import { API, contextOf, designInput, GOOD_ISSUE, hash, parsers, WEB } from './recipe/recipe.fixture.ts';
import { contextText } from './prompts/render-prompt.ts';
import { componentGraph } from './render/graph.ts';
import { renderDocument } from './render/render-document.ts';
import { topologyFor } from './topology.ts';

const context = await contextOf();

async function architectureOf(within = context) {
  const design = await createRecipeDesigner(parsers).design(designInput(within, GOOD_ISSUE));
  if (design.kind !== 'designed' || !design.architecture) throw new Error('no design');
  return design.architecture;
}

test('the tables hold what the context found, and a model is shown them', () => {
  const { components, crossRepo, dependencies, omitted } = topologyFor(context);
  expect(components.map(({ repo, root }) => [repo, root])).toEqual(expect.arrayContaining([['octo/api', 'src'], ['octo/web', 'src']]));
  expect(crossRepo).toContainEqual(expect.objectContaining({ kind: 'package', name: '@octo/api', provider: expect.objectContaining({ repo: 'octo/api' }), user: expect.objectContaining({ repo: 'octo/web' }) }));
  expect(dependencies).toEqual([{ repo: 'octo/web', manifest: 'package.json', name: '@octo/api', requirement: '1', group: 'runtime' }]);
  expect(omitted).toEqual({ components: 0, links: 0, crossRepo: 0, dependencies: 0 });
  const shown = contextText(context, hash);
  for (const component of components) expect(shown).toContain(JSON.stringify(component));
});

test('a model is told where definitions begin, and no number stands within a file that it copies lines from', () => {
  const shown = contextText(context, hash);
  expect(shown).toMatch(/^--- octo\/api src\/client\.ts \(bytes 0 to \d+, lines 1 to 4; begins at line: fetchOnce 2\)\nimport /m);
});

test('what does not fit is counted, and the components of the best files stay', async () => {
  const many = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`p${index}/package.json`, JSON.stringify({ name: `p${index}`, dependencies: Object.fromEntries(Array.from({ length: 5 }, (_each, at) => [`d${at}`, '1'])) })]));
  const sources = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`p${index}/index.js`, index === 57 ? 'export const delay = 1;\n' : 'export const x = 1;\n']));
  const tables = topologyFor(await contextOf({ 'octo/api': { ...many, ...sources } }));
  expect(tables.components[0]?.root).toBe('p57');
  expect([tables.components.length, tables.omitted.components, tables.dependencies.length, tables.omitted.dependencies]).toEqual([30, 30, 120, 180]);
});

test('an import of a package of several files is one import', async () => {
  const files = { 'go.mod': 'module example.org/x\n', 'store/a.go': 'package store\n\nfunc A() {}\n', 'store/b.go': 'package store\n\nfunc B() {}\n', 'store/c.go': 'package store\n\nfunc C() {}\n', 'cmd/main.go': 'package main\n\nimport "example.org/x/store"\n\nfunc main() { store.A() }\n' };
  const { links } = topologyFor(await contextOf({ 'octo/go': files }));
  expect(links.map(({ from, to, imports }) => [from.root, to.root, imports])).toEqual([['cmd', 'store', 1]]);
});

const NASTY = 'a"]; end\n``` <script>alert(1)</script> @octocat [x](https://evil.example) %%{init: {}}%% \u202Eb`c`|d&quot;#35;';

test('hostile names stay names, in the tables and in the graph', async () => {
  const within = await contextOf({ 'octo/api': { ...API, 'package.json': JSON.stringify({ name: NASTY, dependencies: { [NASTY]: NASTY } }), 'end/x.js': 'export const e = 1;\n' }, 'octo/web': { ...WEB, 'package.json': JSON.stringify({ name: 'web', dependencies: { [NASTY]: '1' } }) } });
  const architecture = await architectureOf(within);
  expect(parseDocument('architecture', architecture)).toMatchObject({ kind: 'valid' });
  const shown = renderDocument('architecture', architecture);
  expect(shown).not.toContain('\u202E');
  const { children } = fromMarkdown(shown);
  expect(children.filter(({ type }) => type === 'html' || type === 'definition')).toEqual([]);
  const graphs = children.filter((node) => node.type === 'code');
  expect(graphs).toHaveLength(1);
  // Every line of the graph is one of ours: what stands in quotes holds nothing that Mermaid reads.
  const quoted = String.raw`"[\p{L}\p{N} _./:,()…#;-]*"`;
  const line = new RegExp(String.raw`^(?:graph LR|  subgraph r\d+\[${quoted}\]|    n\d+\[${quoted}\]|  end|  [nr]\d+ (?:-->|-\.->)\|${quoted}\| [nr]\d+|  classDef named stroke-width:4px|  class n\d+(?:,n\d+)* named)$`, 'u');
  expect(graphs.flatMap((node) => ('value' in node ? node.value.split('\n') : [])).filter((each) => !line.test(each))).toEqual([]);
});

test('one component is no picture', () => {
  expect(componentGraph({ ...topologyFor(context), components: [] })).toBe('');
});

test('without the tables a document of before still reads', async () => {
  const { topology: _topology, ...before } = await architectureOf();
  expect(parseDocument('architecture', before)).toMatchObject({ kind: 'valid' });
  expect(renderDocument('architecture', before)).not.toContain('What is there');
});
