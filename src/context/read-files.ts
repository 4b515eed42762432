import type { ContextFile, ContextProblem, FileImport, PackageManifest } from '../domain/context.ts';
import type { ObjectReader } from '../ports/objects.ts';
import { fileKindOf } from './file-kind.ts';
import { languageOf } from './languages.ts';
import { LIMITS } from './limits.ts';
import { manifestReaderOf, readManifest } from './manifests/read-manifest.ts';
import { mapBounded } from './order.ts';
import type { OutlineParser } from './parse/parser.ts';
import type { TreeFile } from './read-tree.ts';

/** A file whose imports are not resolved yet, with its text (null: binary, too large, or a link). */
export interface ReadFile {
  readonly file: Omit<ContextFile, 'imports'>;
  readonly imports: readonly Omit<FileImport, 'target'>[];
  readonly text: string | null;
  /** Why there is no text. */
  readonly missing: 'too-large' | 'binary' | 'unreadable' | 'link' | null;
  readonly parsed: boolean;
}

export interface ReadFiles {
  readonly files: readonly ReadFile[];
  readonly manifests: readonly PackageManifest[];
  readonly problems: readonly ContextProblem[];
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Text, or null for what is not UTF-8 or has a NUL anywhere: canonical JSON holds none. */
export function decodeText(bytes: Uint8Array): string | null {
  if (bytes.includes(0)) return null;
  try {
    return UTF8.decode(bytes);
  } catch {
    return null;
  }
}

/** Reads every blob of a listing once. A file that cannot be read or parsed is listed as a problem and stays in the tree. */
export async function readFiles(objects: ObjectReader, listing: readonly TreeFile[], parser: OutlineParser): Promise<ReadFiles> {
  const problems: ContextProblem[] = [];
  const blobs = await mapBounded(listing, 8, (entry) => readBlob(objects, entry, problems));
  const files: ReadFile[] = [];
  const manifests: PackageManifest[] = [];
  let textBytes = 0;
  for (const [index, entry] of listing.entries()) {
    const bytes = blobs[index] ?? null;
    textBytes += bytes !== null && bytes.length <= LIMITS.fileBytes ? bytes.length : 0;
    const read = await readOne(entry, bytes, textBytes > LIMITS.textBytes, { parser, problems });
    files.push(read);
    if (read.text !== null && read.file.kind === 'manifest' && manifestReaderOf(entry.path) !== null && manifests.length < LIMITS.manifests) {
      const result = readManifest(entry.path, read.text);
      if (result.kind === 'read') manifests.push(result.manifest);
      else problems.push({ path: entry.path, code: 'manifest-invalid', reason: result.reason });
    }
  }
  return { files, manifests, problems };
}

async function readBlob(objects: ObjectReader, entry: TreeFile, problems: ContextProblem[]): Promise<Uint8Array | null> {
  try {
    return await objects.readBlob(entry.blob);
  } catch {
    problems.push({ path: entry.path, code: 'unreadable', reason: 'the blob cannot be read from the pinned commit' });
    return null;
  }
}

async function readOne(entry: TreeFile, bytes: Uint8Array | null, overLimit: boolean, to: { parser: OutlineParser; problems: ContextProblem[] }): Promise<ReadFile> {
  const { path, blob, mode } = entry;
  const isLink = mode === '120000';
  const base = { path, blob, bytes: bytes?.length ?? 0, language: isLink ? null : languageOf(path), symbols: [] };
  const kind = isLink ? ('link' as const) : fileKindOf(path);
  const bare = (missing: ReadFile['missing'], as: ContextFile['kind'] = kind): ReadFile => ({
    file: { ...base, lines: null, kind: as }, imports: [], text: null, missing, parsed: false,
  });
  // A link's target is somebody's text; it is never followed, and nobody needs to read it.
  if (isLink) return bare('link');
  if (bytes === null) return bare('unreadable');
  if (bytes.length > LIMITS.fileBytes || overLimit) {
    const reason = overLimit ? 'the repository has more text than is read' : `larger than ${LIMITS.fileBytes} bytes`;
    to.problems.push({ path, code: overLimit ? 'over-limit' : 'too-large', reason });
    return bare('too-large');
  }
  const text = decodeText(bytes);
  if (text === null) return bare('binary', 'binary');
  const result = bytes.length > LIMITS.parseBytes ? ({ kind: 'unsupported' } as const) : await to.parser.parse(path, text);
  if (result.kind === 'failed') to.problems.push({ path, code: result.code, reason: result.reason });
  const outline = result.kind === 'parsed' ? result.outline : { symbols: [], imports: [] };
  const lines = text === '' ? 0 : text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
  return { file: { ...base, lines, kind, symbols: outline.symbols }, imports: outline.imports, text, missing: null, parsed: result.kind === 'parsed' };
}
