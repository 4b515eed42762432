import type { FileKind } from '../domain/context.ts';
import { guardedKindOf, isTestPath } from '../domain/path-kinds.ts';
import { baseName, extensionOf, languageOf } from './languages.ts';

const DOCS = new Set(['md', 'mdx', 'rst', 'adoc', 'txt']);
const CONFIG = new Set(['json', 'jsonc', 'json5', 'yaml', 'yml', 'toml', 'ini', 'cfg', 'conf', 'properties', 'xml', 'lock', 'env']);
const BINARY = new Set([
  'png', 'jpg', 'jpeg', 'gif', 'webp', 'ico', 'pdf', 'zip', 'gz', 'tgz', 'bz2', 'xz', 'zst', 'br', '7z', 'jar', 'wasm', 'woff', 'woff2', 'ttf',
  'eot', 'otf', 'mp3', 'mp4', 'mov', 'webm', 'avif', 'ogg', 'wav', 'flac', 'm4a', 'avi', 'bmp', 'tiff', 'psd', 'icns', 'glb', 'blend', 'whl', 'nupkg', 'tar', 'rar', 'p12', 'jks', 'keystore', 'so', 'dll', 'dylib', 'exe', 'class', 'pyc', 'bin', 'db', 'sqlite', 'parquet',
]);

/** What a file is for, by its path alone: nothing in the file can change it. */
export function fileKindOf(path: string): FileKind {
  const lower = path.toLowerCase();
  const name = baseName(lower);
  const extension = extensionOf(lower);
  const guarded = guardedKindOf(path);
  if (guarded !== null) return guarded;
  if (BINARY.has(extension)) return 'binary';
  if (isTestPath(path)) return 'test';
  if (DOCS.has(extension) || /^docs?\/|^documentation\//.test(lower)) return 'docs';
  // `NOTICE` is a document, `notice.ts` is not.
  if (/^(?:readme|licen[cs]e|changelog|contributing|notice|authors)/.test(name) && languageOf(path) === null) return 'docs';
  if (CONFIG.has(extension) || name.startsWith('.')) return 'config';
  return extension === '' || ['csv', 'tsv', 'svg', 'log', 'map', 'snap', 'patch', 'diff'].includes(extension) ? 'data' : 'source';
}
