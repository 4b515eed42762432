import type { Dependency } from '../../domain/context.ts';
import type { ManifestFacts } from './manifest-facts.ts';

/** `go.mod`: module path and requirements, one line at a time as the go command writes them. */
export function readGoMod(text: string): ManifestFacts {
  let name: string | null = null;
  let block = '';
  const dependencies: Dependency[] = [];
  for (const raw of text.split('\n')) {
    const words = raw.replace(/\/\/.*$/, '').trim().split(/\s+/);
    const [first = '', second = '', third = ''] = words;
    if (first === ')') block = '';
    else if (second === '(') block = first;
    else if (first === 'module') name = second || null;
    else if (first === 'require' && third !== '') dependencies.push({ name: second, requirement: third, group: 'runtime' });
    else if (block === 'require' && second !== '') dependencies.push({ name: first, requirement: second, group: 'runtime' });
  }
  return { ecosystem: 'go', name, entries: [], dependencies };
}
