import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Architecture, ArchitectureTopology } from '../../src/domain/documents.ts';
import { componentGraph } from '../src/lib/component-graph.ts';

const place = (repo: string, root: string): { repo: string; root: string } => ({ repo, root });
const component = (repo: string, root: string, name = root): ArchitectureTopology['components'][number] => ({ ...place(repo, root), name, ecosystem: null, files: 1, tests: 0 });
const architecture = (components: ArchitectureTopology['components'], links: ArchitectureTopology['links'], paths: readonly string[] = []): Architecture => ({
  schemaVersion: 1, workflow: 'wf-20261122-k3v9q2', stage: 'architecture', author: 'recipe', inputHashes: [], contextHash: 'a'.repeat(64), evidence: [], unknowns: [], assumptions: [],
  components: [{ id: 'C1', repo: 'octo/api', paths, role: 'Changes' }], interfaces: [], decisions: [], invariants: [], crossRepoOrder: [], risks: [],
  topology: { components, links, crossRepo: [], dependencies: [], omitted: { components: 0, links: 0, crossRepo: 0, dependencies: 0 } },
});
const uses = (from: string, to: string, repo = 'octo/api'): ArchitectureTopology['links'][number] => ({ from: place('octo/api', from), to: place(repo, to), imports: 2, declared: null });

test('components are boxes in a band for each repository, uses are arrows, and what the design names stands out', () => {
  const drawn = componentGraph(architecture([component('octo/api', 'src'), component('octo/api', 'test'), component('octo/web', 'lib')], [uses('test', 'src'), uses('src', 'lib', 'octo/web')], ['src/a.ts']), 'architecture-5')?.text ?? '';
  expect(drawn.match(/<rect class="band"/g)).toHaveLength(2);
  expect(drawn.match(/<rect class="box/g)).toHaveLength(3);
  expect(drawn.match(/<rect class="box named"/g)).toHaveLength(1);
  expect(drawn.match(/<path class="edge"/g)).toHaveLength(2);
  expect(drawn).toContain('<title>test uses src: 2 imports</title>');
});

test('nothing to connect is no drawing', () => {
  expect(componentGraph(architecture([component('octo/api', '')], []), 'a')).toBeNull();
});

test('whatever the names are and whoever uses whom, circles too: only our own elements, within the picture', () => {
  const name = fc.oneof(fc.constantFrom('<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', '&lt;b&gt;', ']]>', '\u202Eevil', "' onload='x", '日本語', ''), fc.string({ unit: 'binary', maxLength: 40 }));
  fc.assert(fc.property(fc.array(name, { minLength: 2, maxLength: 26 }), fc.array(fc.tuple(fc.nat({ max: 25 }), fc.nat({ max: 25 })), { maxLength: 60 }), (names, pairs) => {
    const components = names.map((each, index) => component(index % 3 === 0 ? 'octo/web' : 'octo/api', `r${index}`, each));
    const links = pairs.flatMap(([from, to]) => { const [start, end] = [components[from], components[to]]; return start && end ? [{ from: place(start.repo, start.root), to: place(end.repo, end.root), imports: 1, declared: null }] : []; });
    const drawn = componentGraph(architecture(components, links), 'g')?.text ?? '';
    expect(drawn.replaceAll(/<\/?(?:div|svg|defs|marker|path|rect|text|g|title)(?: [a-zA-Z-]+="[^"<>]*")*(?: ?\/)?>/g, '')).not.toMatch(/[<>]/);
    expect(drawn).not.toMatch(/NaN|undefined|Infinity|\u202E/);
    const [width = 0, height = 0] = (/viewBox="0 0 (\d+) (\d+)"/.exec(drawn) ?? []).slice(1).map(Number);
    for (const [, x = '', y = ''] of drawn.matchAll(/<rect class="box[^"]*" x="([\d.]+)" y="([\d.]+)"/g)) expect(Number(x) + 150 <= width && Number(y) + 34 <= height).toBe(true);
  }));
});
