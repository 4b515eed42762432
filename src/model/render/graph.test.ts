import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ArchitectureTopology } from '../../domain/documents.ts';
import { componentGraph } from './graph.ts';
import { showHidden } from './markdown.ts';

const NAMES = [
  'a"b', "it's", '[x]', '(y)', '{z}', 'end', 'subgraph', 'graph LR', '%% comment', '%%{init: {"theme":"dark"}}%%', '<script>alert(1)</script>', 'a\nb', 'a`b`', '`md **bold**`', '日本語', 'émoji 🎉', '#35;', '&quot;', 'a|b', 'a --> b',
  'click n0 "javascript:alert(1)"', 'style n0 fill:#f00', 'classDef x fill:#f00', 'class n0 named', ';', '\\', '\u202Eevil', '@octocat', 'https://evil.example', '$$x^2$$', '# h', '1. list', '""', '---', ':::named', 'x@{ shape: circle }', 'ﬂ°°35¶ß', 'fa:fa-car', '',
];

const topologyOf = (names: readonly string[]): ArchitectureTopology => ({
  components: names.map((name, index) => ({ repo: 'octo/api', root: `r${index}`, name, ecosystem: null, files: 1, tests: 0 })),
  links: [], crossRepo: [], dependencies: [], omitted: { components: 0, links: 0, crossRepo: 0, dependencies: 0 },
});

/** What Mermaid 11 does with a definition before it parses (`encodeEntities`) and with a label after it (`decodeEntities`, then HTML's own numbers). */
function read(line: string): string {
  const cut = line.replace(/style.*:\S*#.*;/g, (found) => found.slice(0, -1)).replace(/classDef.*:\S*#.*;/g, (found) => found.slice(0, -1));
  const encoded = cut.replace(/#\w+;/g, (found) => (/^#\+?\d+;$/.test(found) ? `ﬂ°°${found.slice(1, -1)}¶ß` : `ﬂ°${found.slice(1, -1)}¶ß`));
  const label = /^ {4}n\d+\["([^"]*)"\]$/.exec(encoded)?.[1] ?? 'not a node';
  return label.replaceAll('ﬂ°°', '&#').replaceAll('ﬂ°', '&').replaceAll('¶ß', ';').replace(/&#(\d+);/g, (_, number: string) => String.fromCodePoint(Number(number)));
}

const shown = (name: string): string => {
  const flat = showHidden(name.replace(/\s+/g, ' ')).toWellFormed();
  return flat.length > 48 ? `${flat.slice(0, 47).toWellFormed()}…` : flat || ' ';
};

test('whatever a name is, Mermaid reads one quoted node a line and shows the name', () => {
  const name = fc.oneof(fc.constantFrom(...NAMES), fc.string({ unit: 'binary', maxLength: 60 }), fc.array(fc.constantFrom(...NAMES), { maxLength: 3 }).map((parts) => parts.join(' ')));
  fc.assert(fc.property(fc.array(name, { minLength: 2, maxLength: 6 }), (names) => {
    const lines = componentGraph(topologyOf(names)).split('\n').filter((line) => line.startsWith('    n'));
    expect(lines).toHaveLength(names.length);
    for (const [index, line] of lines.entries()) {
      expect(line).toMatch(/^ {4}n\d+\["[\p{L}\p{N} _./,()…#;-]*"\]$/u);
      expect(read(line)).toBe(shown(names[index] ?? ''));
    }
  }), { examples: [[NAMES.slice(0, 20)], [NAMES.slice(20)]] });
});

test('components that the design names are marked by the nearest one above their paths', () => {
  const topology = { ...topologyOf(['a', 'b']), components: [{ repo: 'octo/api', root: '', name: 'all', ecosystem: null, files: 1, tests: 0 }, { repo: 'octo/api', root: 'src', name: 'src', ecosystem: null, files: 1, tests: 0 }] };
  expect(componentGraph(topology, [{ repo: 'octo/api', path: 'src/a.ts' }])).toContain('  class n1 named');
  expect(componentGraph(topology, [{ repo: 'octo/web', path: 'src/a.ts' }])).not.toContain('named');
});
