import type { CountersignConfig } from '../../domain/config.ts';
import type { RepositoryContext } from '../../domain/context.ts';
import { refusedError } from '../../domain/errors.ts';
import type { RunRef, WorkflowEvent } from '../../domain/event.ts';
import type { Oid, RepoName, Sha256, WorkflowId } from '../../domain/ids.ts';
import type { Workflow } from '../../domain/workflow.ts';
import type { LoadGrammar } from '../../context/grammars.ts';
import type { LedgerStore } from '../../ports/ledger-store.ts';
import type { ScratchStore } from '../../ports/objects.ts';
import type { RepoReader } from '../../ports/repo-reader.ts';
import { parseConfig } from '../../schema/config.ts';
import { requireBytes } from '../documents.ts';
import { policyHash } from '../policy-hash.ts';
import type { RewriteSources } from '../rewrites.ts';
import { attempt, type Attempt } from './items.ts';

/** What a replay reads from. Nothing of it can write, ask a model or reach the network. */
export interface ReplayPorts {
  readonly ledger: LedgerStore;
  /** Target repositories at hand; rejects with an `input` error for one that is not. */
  readonly repos: RepoReader;
  readonly loadGrammar: LoadGrammar;
  /** Every `countersign.yml` at hand that a run may have used, the likeliest first. */
  readonly readConfigs: (run: RunRef) => Promise<readonly string[]>;
}

/** One event with the states around it. */
export interface Step {
  readonly event: WorkflowEvent;
  /** Null only for the first. */
  readonly before: Workflow | null;
  readonly after: Workflow;
}

/** Opens each pinned repository once, keeps the contexts that came out the same, and closes everything at the end. */
export class ReplaySession {
  readonly id: WorkflowId;
  readonly ports: ReplayPorts;
  /** Contexts that were made again, by the context hash that the ledger holds. */
  readonly contexts = new Map<Sha256, Attempt<RepositoryContext>>();
  readonly #stores = new Map<string, Promise<Attempt<ScratchStore>>>();

  constructor(id: WorkflowId, ports: ReplayPorts) {
    this.id = id;
    this.ports = ports;
  }

  /** The pinned repository, or why it is not at hand. */
  open(repo: RepoName, commit: Oid): Promise<Attempt<ScratchStore>> {
    const key = `${repo} ${commit}`;
    const known = this.#stores.get(key) ?? attempt(() => this.ports.repos.open(repo, commit));
    this.#stores.set(key, known);
    return known;
  }

  /** Evidence bytes; rejects with a coded error when they are not there or have another hash. */
  async evidence(hash: Sha256): Promise<Uint8Array> {
    return requireBytes(await this.ports.ledger.readEvidence(this.id, [hash]), hash, this.id);
  }

  /** The config whose policy has that hash. */
  async configOf(run: RunRef, policy: Sha256): Promise<CountersignConfig> {
    for (const text of await this.ports.readConfigs(run)) {
      const parsed = await attempt(async () => parseConfig(text));
      if (parsed.kind === 'made' && policyHash(parsed.value) === policy) return parsed.value;
    }
    throw refusedError('no-config', 'the countersign.yml that was in force is not at hand: it is on a branch of the control repo that this copy does not have, or the rules changed since');
  }

  async close(): Promise<void> {
    for (const opened of this.#stores.values()) {
      const store = await opened;
      if (store.kind === 'made') await store.value.close();
    }
  }
}

/** Where the rules of a workflow's rewrite blocks are expanded again. */
export const rewriteSourcesOf = (session: ReplaySession, { repos }: Pick<Workflow, 'repos'>): RewriteSources => ({
  loadGrammar: session.ports.loadGrammar,
  open: async (repo) => {
    const opened = await session.open(repo, repos.find((each) => each.repo === repo)?.baseCommit ?? '');
    if (opened.kind === 'missing') throw refusedError('no-repository', opened.why);
    return opened.value;
  },
});
