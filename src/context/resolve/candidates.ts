import { extensionOf } from '../languages.ts';
import { under } from './paths.ts';

const EXTENSIONS = ['ts', 'tsx', 'mts', 'cts', 'd.ts', 'js', 'jsx', 'mjs', 'cjs', 'json', 'vue', 'svelte', 'css', 'scss'];
// TypeScript lets an import name the file that will be emitted.
const EMITTED: Readonly<Record<string, readonly string[]>> = { js: ['ts', 'tsx'], jsx: ['tsx'], mjs: ['mts'], cjs: ['cts'] };

/** Every file that a path without its extension may stand for, the likeliest first. */
export function candidates(path: string | null): string[] {
  if (path === null) return [];
  const extension = extensionOf(path);
  const stem = path.slice(0, path.length - extension.length - 1);
  const emitted = Object.hasOwn(EMITTED, extension) ? (EMITTED[extension] ?? []).map((source) => `${stem}.${source}`) : [];
  return [path, ...emitted, ...EXTENSIONS.map((each) => `${path}.${each}`), ...EXTENSIONS.map((each) => under(path, `index.${each}`))];
}
