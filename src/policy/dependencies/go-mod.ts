import { Unreadable, type Dependency, type Manifest, type Setting } from './model.ts';

const DIRECTIVES = new Set(['module', 'go', 'toolchain', 'require', 'replace', 'exclude', 'retract', 'godebug', 'tool', 'use', 'ignore']);

/** `go.mod` and `go.work`: https://go.dev/ref/mod#go-mod-file-grammar. A line that is none of these is refused. */
export function readGoMod(text: string): Manifest {
  const dependencies: Dependency[] = [];
  const settings: Setting[] = [];
  let block: string | null = null;
  for (const [index, raw] of text.replace(/^\uFEFF/, '').split('\n').entries()) {
    const line = index + 1;
    const words = (raw.replace(/\/\/.*$/, '').match(/"[^"]*"|`[^`]*`|[()]|[^\s()]+/g) ?? []).map((word) => word.replaceAll(/^["`]|["`]$/g, ''));
    if (words.length === 0) continue;
    if (block !== null) {
      if (words[0] === ')') block = null;
      else dependencies.push(...readDirective(block, words, line));
      continue;
    }
    const [directive = '', ...rest] = words;
    if (!DIRECTIVES.has(directive)) throw new Unreadable('a line is no directive of go.mod', line);
    if (directive === 'module' && rest[0] !== '(') settings.push({ kind: 'entries', key: 'module', value: rest[0] ?? '', line });
    if (rest[0] === '(') {
      if (rest[1] !== ')') block = directive;
    } else dependencies.push(...readDirective(directive, rest, line));
  }
  if (block !== null) throw new Unreadable(`the block "${block}" has no end`);
  return { dependencies, settings };
}

function readDirective(directive: string, words: readonly string[], line: number): Dependency[] {
  const [first = '', second = ''] = words;
  const dependency = (more: Partial<Dependency>): Dependency[] => [{ ecosystem: 'go', section: directive, name: first, requirement: '', source: null, line, ...more }];
  switch (directive) {
    case 'require':
      return dependency({ requirement: second });
    case 'go':
    case 'toolchain':
      return dependency({ name: directive, requirement: first });
    case 'replace': {
      const arrow = words.indexOf('=>');
      const [target = '', version = ''] = words.slice(arrow + 1);
      if (arrow < 1 || target === '') throw new Unreadable('a replacement is not complete', line);
      return dependency({ requirement: arrow > 1 ? `${second} => ${version}` : version, source: `${/^\.{0,2}\//.test(target) ? 'path' : 'module'} ${target}` });
    }
    case 'exclude':
      return dependency({ requirement: second });
    case 'tool':
    case 'use':
      return dependency({ source: directive === 'use' ? `path ${first}` : null });
    case 'godebug':
      return dependency({ requirement: words.join(' ') });
    default:
      return [];
  }
}
