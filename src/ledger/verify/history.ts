import { CountersignError } from '../../domain/errors.ts';
import type { Oid } from '../../domain/ids.ts';
import type { ObjectReader } from '../../ports/objects.ts';
import type { Report } from './problem.ts';

export interface HistoryCommit {
  readonly commit: Oid;
  readonly tree: Oid;
}

/** The ledger's commits from the first to the tip. Follows first parents only, and reports whatever is not linear. */
export async function readHistory(objects: ObjectReader, tip: Oid, report: Report): Promise<readonly HistoryCommit[]> {
  const newestFirst: HistoryCommit[] = [];
  let at: Oid | undefined = tip;
  while (at !== undefined) {
    const commit: Oid = at;
    const read = await readOrReport(() => objects.readCommit(commit), report, { what: 'commit', oid: commit });
    if (!read) {
      report('history-cut', `The history ends at commit ${commit}, which cannot be read: nothing before it was checked. Fetch the whole branch.`, {}, { expected: 'every commit back to the first', found: 'a missing commit' });
      break;
    }
    if (read.parents.length > 1) {
      report('merge-commit', `Commit ${commit} has ${read.parents.length} parents; a ledger's history is one line.`, {}, { expected: 'one parent', found: `${read.parents.length} parents` });
    }
    newestFirst.push({ commit, tree: read.tree });
    at = read.parents[0];
  }
  return newestFirst.reverse();
}

/** Runs one read; an object that is missing, damaged or of another type becomes a problem, anything else is thrown on. */
export async function readOrReport<T>(read: () => Promise<T>, report: Report, object: { readonly what: string; readonly oid: Oid; readonly path?: string; readonly workflow?: string }): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof CountersignError) || !OBJECT_FAULTS.test(error.code)) throw error;
    const place = { ...(object.path === undefined ? {} : { path: object.path }), ...(object.workflow === undefined ? {} : { workflow: object.workflow }) };
    report('object-missing', `The ${object.what} ${object.oid} cannot be read: ${error.message}`, place, { expected: object.oid });
    return null;
  }
}

// The codes with which an ObjectReader says that it is the object, not the machine, that is at fault.
const OBJECT_FAULTS = /^(?:missing-(?:blob|tree|commit|object)|wrong-object-type|corrupt-object|object-too-large|bad-object-id)$/;
