import { extensionOf } from '../languages.ts';
import { under, type PathIndex } from './paths.ts';

// A declaration beside its code stands for it only where there is no code.
const EXTENSIONS = ['ts', 'tsx', 'mts', 'cts', 'js', 'jsx', 'mjs', 'cjs', 'd.ts', 'json', 'vue', 'svelte', 'css', 'scss'];
// TypeScript lets an import name the file that will be emitted.
const EMITTED: Readonly<Record<string, readonly string[]>> = { js: ['ts', 'tsx', 'd.ts', 'jsx'], jsx: ['tsx'], mjs: ['mts', 'd.mts'], cjs: ['cts', 'd.cts'] };

/** The first of `candidates` that exists, without making all of them: most imports are found at the second try. */
export function findCandidate(paths: Pick<PathIndex, 'has' | 'first'>, path: string | null): string | null {
  if (path === null) return null;
  if (paths.has(path)) return path;
  for (const extension of ['ts', 'tsx', 'js']) if (paths.has(`${path}.${extension}`)) return extensionOf(path) === '' || !Object.hasOwn(EMITTED, extensionOf(path)) ? `${path}.${extension}` : paths.first(candidates(path));
  return paths.first(candidates(path));
}

/** Every file that a path without its extension may stand for, the likeliest first. */
export function candidates(path: string | null): string[] {
  if (path === null) return [];
  const extension = extensionOf(path);
  const stem = path.slice(0, path.length - extension.length - 1);
  const emitted = Object.hasOwn(EMITTED, extension) ? (EMITTED[extension] ?? []).map((source) => `${stem}.${source}`) : [];
  return [path, ...emitted, ...EXTENSIONS.map((each) => `${path}.${each}`), ...EXTENSIONS.map((each) => under(path, `index.${each}`))];
}
