import type { Change } from '../../domain/change-set.ts';
import { hexOf, isUtf8 } from '../../change-set/lossless-text.ts';

/** A path as JSON can hold it. Where its bytes are not UTF-8, `path` shows U+FFFD for them and `pathHex` gives all of them. */
export const publicPath = (path: string): { readonly path: string; readonly pathHex?: string } => (isUtf8(path) ? { path } : { path: path.toWellFormed(), pathHex: hexOf(path) });

/** Changes as an answer prints them and as its digest counts them. */
export const publicChanges = (changes: readonly Change[]): readonly Change[] => changes.map((change) => ({ ...change, ...publicPath(change.path) }));
