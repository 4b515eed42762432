import { z } from 'zod';

import { brokenError, CountersignError, inputError, outsideError } from '../domain/errors.ts';
import { workflowDirectory, type Oid, type RepoName, type Sha256, type WorkflowId } from '../domain/ids.ts';
import type { EnvironmentView } from '../ports/github-reader.ts';
import type { LedgerStore, WorkflowSnapshot } from '../ports/ledger-store.ts';
import { parseGenesis } from '../schema/genesis.ts';
import { repoParts } from '../schema/github-path.ts';
import { sha256 } from '../schema/sha256.ts';
import { parseStrictJson } from '../schema/strict-json.ts';
import { orOther } from './answer-schema.ts';
import type { GitHubClient } from './client.ts';
import { decodeConfig } from './control-file.ts';
import { protectedEnvironment } from './environment.ts';
import { blobFields, blobSchema, bytesOfText, readBlob } from './git-blob.ts';
import { pinLedger, type PinnedFile } from './ledger-pin.ts';
import { buildLedgerQuery, ledgerAnswerSchema, type LedgerEntry } from './ledger-query.ts';

export interface LedgerReaderOptions {
  readonly client: GitHubClient;
  readonly repo: RepoName;
  /** `true` brings the evidence's bytes with the events: one request less for a step that needs most of it. */
  readonly evidence?: boolean;
  /** An environment of the control repository whose protection is wanted, too. */
  readonly environment?: string | null;
}

/** Everything that one query tells about the control repository. */
export interface ControlSnapshot {
  readonly snapshot: WorkflowSnapshot;
  /** `countersign.yml` of the default branch as it stands now, or null. */
  readonly config: string | null;
  readonly defaultBranch: string;
  /** The wanted environment, if it requires reviewers. Null: not asked for, or not known for sure; ask the control reader. */
  readonly environment: EnvironmentView | null;
}

export interface LedgerReader extends Pick<LedgerStore, 'readWorkflow' | 'readEvidence'> {
  /** As `readWorkflow`, with the settings: still one request. */
  readControl(workflow: WorkflowId): Promise<ControlSnapshot>;
}

/** A branch that moves during every one of so many reads is not read any further. */
const READS_MAX = 6;
/** Blobs in one query; more are asked for in the next one. */
const BLOBS_PER_QUERY = 40;
/** How a query is refused for a part of it. */
const REFUSED: ReadonlySet<string> = new Set(['github-permission', 'github-not-found', 'github-graphql']);

/**
 * The reading half of the GitHub ledger store. Remembers evidence only: it is named by its own hash, so it cannot go stale.
 * Rejects with `input` when the repository has no ledger, with `broken` when the ledger's bytes do not hold.
 */
export function createGitHubLedgerReader(options: LedgerReaderOptions): LedgerReader {
  const evidence: EvidenceShelf = { oids: new Map(), bytes: new Map() };
  return {
    readControl: (workflow) => readControl(options, workflow, evidence),
    readWorkflow: async (workflow) => (await readControl(options, workflow, evidence)).snapshot,
    readEvidence: (workflow, hashes) => readEvidence(options, { workflow, hashes }, evidence),
  };
}

/** By `WORKFLOW/SHA256`: what one workflow holds says nothing about another. */
interface EvidenceShelf {
  readonly oids: Map<string, Oid>;
  readonly bytes: Map<string, Uint8Array>;
}

const shelfKey = (workflow: WorkflowId, hash: Sha256): string => `${workflow}/${hash}`;

async function readControl(options: LedgerReaderOptions, id: WorkflowId, shelf: EvidenceShelf): Promise<ControlSnapshot> {
  const { client, repo } = options;
  const { pinned, repository } = await readPinned(options, id);
  for (const entry of pinned.evidence) {
    const hash = entry.name.slice(0, 64);
    shelf.oids.set(shelfKey(id, hash), entry.oid);
    const bytes = entry.object ? bytesOfText(entry.oid, entry.object) : null;
    if (bytes) keepEvidence(shelf, { workflow: id, hash }, bytes);
  }
  const directory = workflowDirectory(id);
  const [config, genesis, events] = await Promise.all([
    decodeConfig(client, repo, repository.config),
    bytesOf(options, pinned.genesis),
    Promise.all(inOrder(pinned.events, directory).map(async (entry) => ({ path: `${directory}/${entry.name}`, bytes: await bytesOf(options, entry) }))),
  ]);
  return { snapshot: { tip: pinned.tip, ledger: ledgerId(genesis, repo), events }, config, defaultBranch: repository.defaultBranchRef?.name ?? '', environment: protectedEnvironment(repository.environment) };
}

async function readPinned(options: LedgerReaderOptions, id: WorkflowId) {
  const { repo } = options;
  for (let reads = 0; reads < READS_MAX; reads += 1) {
    const { repository } = await askLedger(options, id);
    const pinned = pinLedger(repository, id);
    if (pinned.kind === 'pinned') return { pinned, repository };
    if (pinned.kind === 'no-ledger') throw inputError('no-ledger', `${repo} has no branch "ledger". Create the ledger first: countersign init.`);
  }
  throw outsideError('ledger-torn', `The ledger of ${repo} could not be read at one commit in ${READS_MAX} attempts: it is changing, or is not a ledger of this layout. Try again, then run "countersign ledger verify".`);
}

/** Without the environment, when GitHub does not let the token see it that way. */
async function askLedger({ client, repo, evidence = false, environment = null }: LedgerReaderOptions, id: WorkflowId) {
  const ask = (wanted: string | null) => client.query(buildLedgerQuery(repo, id, { evidence, environment: wanted }), ledgerAnswerSchema, `read the ledger of ${repo}`);
  try {
    return await ask(environment);
  } catch (error) {
    if (environment === null || !(error instanceof CountersignError) || !REFUSED.has(error.code)) throw error;
    return await ask(null);
  }
}

function inOrder(entries: readonly LedgerEntry[], directory: string): LedgerEntry[] {
  const odd = entries.find(({ type }) => type !== 'blob');
  if (odd) throw brokenError('ledger-invalid', `${directory}/${odd.name} of the ledger is a ${odd.type}, expected an event file. Run "countersign ledger verify".`);
  return entries.toSorted((left, right) => (left.name < right.name ? -1 : 1));
}

async function bytesOf({ client, repo }: LedgerReaderOptions, { oid, object }: PinnedFile): Promise<Uint8Array> {
  const inline = object ? bytesOfText(oid, object) : null;
  return inline ?? readBlob(client, repo, oid);
}

function ledgerId(bytes: Uint8Array, repo: RepoName): string {
  const parsed = parseGenesis(parseStrictJson(bytes));
  if (parsed.kind === 'valid') return parsed.genesis.ledger;
  throw brokenError('ledger-invalid', `ledger.json of ${repo} does not hold: ${parsed.problems.join('; ')}. Run "countersign ledger verify".`);
}

async function readEvidence(options: LedgerReaderOptions, wanted: { workflow: WorkflowId; hashes: readonly Sha256[] }, shelf: EvidenceShelf): Promise<ReadonlyMap<Sha256, Uint8Array>> {
  const { workflow, hashes } = wanted;
  const key = (hash: Sha256): string => shelfKey(workflow, hash);
  if (hashes.some((hash) => !shelf.bytes.has(key(hash)) && !shelf.oids.has(key(hash)))) await readControl(options, workflow, shelf);
  const missing = [...new Set(hashes)].filter((hash) => !shelf.bytes.has(key(hash)));
  const oids = missing.map((hash) => {
    const oid = shelf.oids.get(key(hash));
    if (oid === undefined) throw brokenError('evidence-missing', `Evidence ${hash} of ${workflow} is not in the ledger of ${options.repo}. Run "countersign ledger verify".`);
    return oid;
  });
  const fetched = await readBlobs(options, oids);
  for (const [index, hash] of missing.entries()) keepEvidence(shelf, { workflow, hash }, fetched[index] ?? new Uint8Array());
  return new Map(hashes.map((hash) => [hash, shelf.bytes.get(key(hash)) ?? new Uint8Array()]));
}

function keepEvidence(shelf: EvidenceShelf, { workflow, hash }: { workflow: WorkflowId; hash: Sha256 }, bytes: Uint8Array): void {
  if (sha256(bytes) !== hash) throw brokenError('evidence-changed', `The evidence file named ${hash} has other bytes (sha256 ${sha256(bytes)}). Run "countersign ledger verify".`);
  shelf.bytes.set(shelfKey(workflow, hash), bytes);
}

const blobsSchema = z.object({ repository: z.record(z.string(), orOther(blobSchema)) });

async function readBlobs({ client, repo }: LedgerReaderOptions, oids: readonly Oid[]): Promise<Uint8Array[]> {
  const all: Uint8Array[] = [];
  for (let from = 0; from < oids.length; from += BLOBS_PER_QUERY) {
    const part = oids.slice(from, from + BLOBS_PER_QUERY);
    const { repository } = await client.query(buildBlobsQuery(repo, part), blobsSchema, `read evidence of ${repo}`);
    const read = part.map(async (oid, index) => {
      const blob = repository[`blob${index}`];
      const inline = blob ? bytesOfText(oid, blob) : null;
      return inline ?? readBlob(client, repo, oid);
    });
    all.push(...(await Promise.all(read)));
  }
  return all;
}

export function buildBlobsQuery(repo: RepoName, oids: readonly Oid[]) {
  const declared = oids.map((_, index) => `, $oid${index}: GitObjectID!`).join('');
  const fields = oids.map((_, index) => `blob${index}: object(oid: $oid${index}) { ... on Blob { ${blobFields} } }`).join(' ');
  return {
    text: `query Evidence($owner: String!, $name: String!${declared}) { repository(owner: $owner, name: $name, followRenames: false) { ${fields} } }`,
    variables: { ...repoParts(repo), ...Object.fromEntries(oids.map((oid, index) => [`oid${index}`, oid])) },
  };
}
