import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ContextFile } from '../domain/context.ts';
import { findCycles, importGraph } from './graph.ts';

const bare = { blob: '', bytes: 0, lines: 0, language: null, kind: 'source', marks: [], symbols: [], references: [] } as const;
const REPOS = ['o/a', 'o/b'] as const;

/** Two repositories of `size` files each, and imports between any of them: [from, to], by number. */
function repositories(size: number, edges: readonly (readonly [number, number])[]): { repo: string; files: ContextFile[] }[] {
  const place = (number: number): { repo: string; path: string } => ({ repo: REPOS[number < size ? 0 : 1], path: `f${String(number).padStart(3, '0')}` });
  const importsOf = (from: number): ContextFile['imports'] => edges.filter(([each]) => each === from).map(([, to]) => ({ specifier: 'x', names: [], line: 1, target: place(to) }));
  return REPOS.map((repo, index) => ({ repo, files: Array.from({ length: size }, (_, own) => ({ ...bare, path: place(index * size + own).path, imports: importsOf(index * size + own) })) }));
}

test('the graph has each import once, in both directions; its cycles are the files that reach each other within a repository', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 9 }).chain((size) => fc.tuple(fc.constant(size), fc.array(fc.tuple(fc.nat(size * 2 - 1), fc.nat(size * 2 - 1)), { maxLength: 30 }))), ([size, edges]) => {
    const repos = repositories(size, edges);
    const graph = importGraph(repos);
    const all = Array.from({ length: size * 2 }, (_, number) => number);
    const targets = (from: number): number[] => [...new Set(edges.filter(([each, to]) => each === from && to !== from).map(([, to]) => to))].sort((left, right) => left - right);
    expect(all.map((number) => [...graph.importsOf(number)])).toEqual(all.map(targets));
    expect(all.map((number) => [...graph.importersOf(number)])).toEqual(all.map((number) => all.filter((from) => targets(from).includes(number))));
    for (const [index, repo] of REPOS.entries()) {
      const own = all.slice(index * size, (index + 1) * size);
      const reached = new Map(own.map((from) => [from, reachableFrom(from, (each) => targets(each).filter((to) => own.includes(to)))]));
      const groups = own.map((file) => own.filter((other) => other === file || (reached.get(file)?.has(other) === true && reached.get(other)?.has(file) === true))).filter((group, at) => group.length > 1 && group[0] === own[at]);
      expect(findCycles(repo, graph)).toEqual(groups.map((group) => group.map((number) => graph.files[number]?.path)));
    }
  }));
});

function reachableFrom(start: number, next: (file: number) => number[]): Set<number> {
  const seen = new Set<number>();
  const left = next(start);
  for (let file = left.pop(); file !== undefined; file = left.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    left.push(...next(file));
  }
  return seen;
}
