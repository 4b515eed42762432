import { inputError } from '../../domain/errors.ts';
import type { Oid } from '../../domain/ids.ts';
import { decode, decodeGenesis } from '../codec.ts';
import { GENESIS_PATH } from '../layout.ts';
import { parseTree } from './git-object.ts';
import type { Report } from './problem.ts';
import type { ObjectCheck } from './read-object.ts';

const FORMAT = 'countersign/ledger@1';
/** Bytes of a first file. */
export const GENESIS_BYTES_MAX = 10_000;

/** The ledger's id from its first file; null when that does not hold, which is reported. Rejects for a ledger of another format. */
export function checkGenesis(bytes: Uint8Array | null, commit: Oid, report: Report): string | null {
  const decoded = bytes ? decodeGenesis(bytes) : null;
  if (decoded?.kind === 'valid') return decoded.value.ledger;
  if (bytes) refuseOtherFormat(bytes);
  report('genesis', `The first commit ${commit} has no valid ${GENESIS_PATH}.`, { path: GENESIS_PATH }, { expected: FORMAT, found: decoded?.problems.join('; ') ?? 'no file' });
  return null;
}

/** The same, from the top folder of any later commit. */
export async function readGenesis(objects: ObjectCheck, { tree, commit }: { readonly tree: Oid; readonly commit: Oid }, report: Report): Promise<string | null> {
  const root = await objects.tree(tree, {});
  const entry = root && parseTree(root)?.find(({ name, mode }) => name === GENESIS_PATH && mode === '100644');
  const bytes = entry ? await objects.file({ oid: entry.oid, bytesMax: GENESIS_BYTES_MAX, place: { path: GENESIS_PATH } }) : null;
  return checkGenesis(bytes instanceof Uint8Array ? bytes : null, commit, report);
}

// Somebody else's later format is not a ledger that fails: it is one that this version cannot judge.
function refuseOtherFormat(bytes: Uint8Array): void {
  const read = decode<string | null>(bytes, (value) => ({ kind: 'valid', value: typeof value === 'object' && value !== null && 'format' in value && typeof value.format === 'string' ? value.format : null }));
  const format = read.kind === 'valid' ? read.value : null;
  if (format === null || format === FORMAT || !/^countersign\/ledger@\d{1,6}$/.test(format)) return;
  throw inputError('unknown-format', `${GENESIS_PATH} says format ${format}; this version reads ${FORMAT} only. Use the version of Countersign that wrote the ledger, or a newer one.`);
}
