import { canonicalJson, sha256 } from '../canonical-json.ts';
import { copyModel, type ModelCommit } from './history-model.ts';

type Json = Record<string, any>; // oxlint-disable-line typescript/no-explicit-any -- events are spoilt in ways that no type has

/** A ledger's commits in a form that can be changed and written anew, and the two workflows in it. */
export class Forgery {
  readonly commits: ModelCommit[];
  readonly folder: string;
  readonly other: string;

  constructor(honest: readonly ModelCommit[], folders: { readonly folder: string; readonly other: string }) {
    this.commits = copyModel(honest);
    this.folder = folders.folder;
    this.other = folders.other;
  }

  /** The path of the nth event of a type in the first workflow. */
  path(type: string, nth = 0): string {
    const found = this.#events(this.folder).filter((path) => path.endsWith(`-${type}.json`))[nth];
    if (found === undefined) throw new Error(`the ledger has no ${type} number ${nth}`);
    return found;
  }

  read(path: string): Json {
    return JSON.parse(new TextDecoder().decode(this.bytes(path))) as Json;
  }

  bytes(path: string): Uint8Array {
    return this.#holder(path).files.get(path)?.bytes ?? new Uint8Array();
  }

  put(path: string, bytes: Uint8Array, mode = '100644'): this {
    (this.commits.find(({ files }) => files.has(path)) ?? this.#last).files.set(path, { bytes, mode });
    return this;
  }

  /** Changes an event and leaves the chain as it was. */
  edit(path: string, change: (event: Json) => void): this {
    const event = this.read(path);
    change(event);
    return this.put(path, canonicalJson(event));
  }

  drop(path: string): this {
    this.#holder(path).files.delete(path);
    return this;
  }

  /** What a careful forger does: numbers, names and hashes of the first workflow are right again everywhere. */
  rechain(): this {
    let prev: string | null = null;
    let seq = 0;
    for (const { files } of this.commits) {
      for (const path of [...files.keys()].filter((each) => each.startsWith(`${this.folder}/0`)).sort()) {
        const bytes = canonicalJson({ ...this.read(path), prev, seq: ++seq });
        files.delete(path);
        files.set(path.replace(/\/\d{4}-/, `/${String(seq).padStart(4, '0')}-`), { mode: '100644', bytes });
        prev = sha256(bytes);
      }
    }
    return this;
  }

  evidence(nth = 0): string {
    return this.#paths().filter((path) => path.startsWith(`${this.folder}/evidence/`))[nth] ?? '';
  }

  get #last(): ModelCommit {
    const last = this.commits.at(-1);
    if (!last) throw new Error('the ledger is empty');
    return last;
  }

  #holder(path: string): ModelCommit {
    const holder = this.commits.find(({ files }) => files.has(path));
    if (!holder) throw new Error(`the ledger has no ${path}`);
    return holder;
  }

  #paths(): string[] {
    return this.commits.flatMap(({ files }) => [...files.keys()]);
  }

  #events(folder: string): string[] {
    return this.#paths().filter((path) => path.startsWith(`${folder}/0`));
  }
}

export interface Tampering {
  readonly name: string;
  readonly does: string;
  /** Codes of which a verifier must report at least these. */
  readonly expect: readonly string[];
  /** Only somebody who remembers the honest tip can see it. */
  readonly needsTip?: true;
  readonly forge: (forgery: Forgery) => void;
}

const D40 = 'd'.repeat(40);
const D64 = 'd'.repeat(64);
const text = (value: string): Uint8Array => new TextEncoder().encode(value);

/** The known attacks, each on the honest ledger. */
export const TAMPERINGS: readonly Tampering[] = [
  { name: 'flipped-byte', does: "One character of an approval's comment is another; nothing else was touched.", expect: ['event-chain'], forge: (f) => void f.edit(f.path('approval-recorded'), (event) => void (event['body'].comment = 'fine!')) },
  { name: 'dropped-event', does: 'An approval is gone.', expect: ['event-sequence', 'event-chain'], forge: (f) => void f.drop(f.path('approval-recorded')) },
  { name: 'dropped-approval-rechained', does: 'An approval is gone, and every number and hash after it is right again.', expect: ['write-before-approval'], forge: (f) => void f.drop(f.path('approval-recorded')).rechain() },
  { name: 'dropped-tail', does: 'The last commit is gone.', expect: ['tip-not-reached'], needsTip: true, forge: (f) => void f.commits.pop() },
  { name: 'reordered-events', does: 'Two events have each other’s place.', expect: ['event-name', 'event-chain'], forge: (f) => swapEvents(f) },
  { name: 'swapped-evidence', does: 'A file under evidence/ has other bytes than its name says.', expect: ['evidence-hash'], forge: (f) => void f.put(f.evidence(), text('another')) },
  { name: 'missing-evidence', does: 'A file that an event names is gone.', expect: ['evidence-missing'], forge: (f) => void f.drop(f.evidence()) },
  { name: 'unnamed-evidence', does: 'A file that no event names was added.', expect: ['evidence-unreferenced'], forge: (f) => void f.put(`${f.folder}/evidence/${sha256(text('extra'))}.txt`, text('extra')) },
  { name: 'rechained-history', does: 'The first event tells another title, and the whole history was written anew, consistent in itself.', expect: ['tip-not-reached'], needsTip: true, forge: (f) => void f.edit(f.path('workflow-created'), (event) => void (event['body'].source.title = 'Another title')).rechain() },
  { name: 'forged-approval', does: 'An approval by somebody who is not on the list, chained anew.', expect: ['approval-not-listed'], forge: (f) => void f.edit(f.path('approval-recorded'), (event) => void (event['body'].login = 'mallory')).rechain() },
  { name: 'replayed-approval', does: 'The approval of ps-2 r2 names revision and digest of r1 instead, chained anew.', expect: ['approval-not-current'], forge: (f) => replayApproval(f) },
  { name: 'policy-rolled-back', does: 'The write is recorded under another policy than the one that judged, chained anew.', expect: ['policy-changed'], forge: (f) => void f.edit(f.path('write-intended'), (event) => void (event['policy'] = D64)).rechain() },
  { name: 'another-tree-written', does: 'The tree that was written is not the approved one, chained anew.', expect: ['result-mismatch'], forge: (f) => void f.edit(f.path('patch-set-applied'), (event) => void (event['body'].tree = D40)).rechain() },
  { name: 'another-head', does: 'The pull request begins at another commit than the one that was written, chained anew.', expect: ['result-mismatch'], forge: (f) => void f.edit(f.path('pr-opened'), (event) => void (event['body'].head = D40)).rechain() },
  { name: 'another-manifest', does: 'A proposal names another result tree than its manifest, chained anew.', expect: ['manifest-mismatch'], forge: (f) => void f.edit(f.path('patch-set-proposed'), (event) => void (event['body'].resultTree = D40)).rechain() },
  { name: 'another-state', does: 'An event claims a state that the state machine does not give, chained anew.', expect: ['state-mismatch'], forge: (f) => void f.edit(f.path('approval-recorded'), (event) => void (event['state'].to = 'DONE')).rechain() },
  { name: 'repeated-id', does: 'Two events have the same idempotency key, chained anew.', expect: ['event-repeated'], forge: (f) => void f.edit(f.path('context-ingested'), (event) => void (event['id'] = f.read(f.path('workflow-created'))['id'])).rechain() },
  { name: 'foreign-event', does: "Another workflow's event stands in this workflow's folder.", expect: ['foreign-workflow'], forge: (f) => void f.put(`${f.folder}/0099-workflow-created.json`, f.bytes(`${f.other}/0001-workflow-created.json`)) },
  { name: 'wrong-ledger', does: "An event of another ledger, chained anew.", expect: ['wrong-ledger'], forge: (f) => void f.edit(f.path('context-ingested'), (event) => void (event['ledger'] = 'another-ledger')).rechain() },
  { name: 'duplicate-key', does: 'An event file has a key twice.', expect: ['event-not-canonical'], forge: (f) => duplicateKey(f) },
  { name: 'unknown-member', does: 'An event has a member that its schema does not know, chained anew.', expect: ['event-not-by-schema'], forge: (f) => void f.edit(f.path('context-ingested'), (event) => void (event['extra'] = 1)).rechain() },
  { name: 'merge-commit', does: 'A commit has two parents.', expect: ['merge-commit'], forge: (f) => void ((f.commits.at(-1) ?? f.commits[0]!).mergeOf = 2) },
  { name: 'changed-file', does: 'A later commit changes a file.', expect: ['file-changed'], forge: (f) => void f.commits.at(-1)?.files.set('ledger.json', { bytes: text('{}'), mode: '100644' }) },
  { name: 'removed-file', does: 'A later commit removes a file.', expect: ['file-removed'], forge: (f) => void f.commits.at(-1)?.files.set(f.path('workflow-created'), null) },
  { name: 'executable-file', does: 'An event file is executable.', expect: ['file-mode'], forge: (f) => void f.put(f.path('workflow-created'), f.bytes(f.path('workflow-created')), '100755') },
  { name: 'outside-the-layout', does: 'A file that belongs to no ledger was added.', expect: ['unexpected-path'], forge: (f) => void f.put('README.md', text('hello')) },
  { name: 'empty-commit', does: 'A commit records nothing.', expect: ['commit-empty'], forge: (f) => void f.commits.push({ message: 'nothing\n', files: new Map() }) },
];

function swapEvents(f: Forgery): void {
  const [first, second] = [f.path('gate-evaluated', 0), f.path('gate-evaluated', 1)];
  const [one, two] = [f.bytes(first), f.bytes(second)];
  f.put(first, two).put(second, one);
}

function replayApproval(f: Forgery): void {
  const old = f.read(f.path('patch-set-proposed', 1))['body'];
  const path = ['0', '1'].map((nth) => f.path('approval-recorded', Number(nth))).find((each) => f.read(each)['body'].patchSet === old.patchSet) ?? '';
  f.edit(path, (event) => Object.assign(event['body'], { revision: old.revision, digest: old.digest })).rechain();
}

function duplicateKey(f: Forgery): void {
  const path = f.path('context-ingested');
  f.put(path, text(new TextDecoder().decode(f.bytes(path)).replace('{"actor"', '{"actor":1,"actor"')));
}
