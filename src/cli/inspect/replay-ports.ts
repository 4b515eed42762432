import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { loadGrammarFromPackages } from '../../context/grammars.ts';
import { CountersignError, inputError } from '../../domain/errors.ts';
import type { RunRef } from '../../domain/event.ts';
import type { Oid, RepoName } from '../../domain/ids.ts';
import { openScratchStore } from '../../git/scratch-store.ts';
import { resolveCommit } from '../../git/resolve-commit.ts';
import type { ReplayPorts } from '../../orchestrator/replay/session.ts';
import type { ScratchStore } from '../../ports/objects.ts';
import { printable } from '../printable.ts';
import type { FoundLedger } from './find-ledger.ts';

const CONFIG = 'countersign.yml';
const CONFIG_BYTES_MAX = 1024 * 1024;

/** Reads from what is on this disk: the ledger, its control repo, and the target repositories of an `up` directory or of `--targets`. */
export function replayPorts(ledger: FoundLedger, targets: readonly string[]): ReplayPorts {
  return {
    ledger: ledger.store,
    repos: { open: async (repo, commit) => openTarget(repo, commit, [join(resolve(ledger.directory), 'git', `${repo}.git`), ...targets]) },
    loadGrammar: loadGrammarFromPackages,
    readConfigs: async (run) => readConfigs(ledger.gitDir, run),
  };
}

/** The first directory that holds the pinned commit: names of directories prove nothing. */
async function openTarget(repo: RepoName, commit: Oid, directories: readonly string[]): Promise<ScratchStore> {
  for (const directory of directories) {
    if ((await stat(directory).catch(() => null)) === null) continue;
    const store = await openScratchStore({ gitDir: directory });
    try {
      const { tree } = await store.readCommit(commit);
      await store.readTree(tree);
      return store;
    } catch (error) {
      await store.close();
      if (!(error instanceof CountersignError) || error.kind !== 'input') throw error;
    }
  }
  throw inputError('no-target', `commit ${commit.slice(0, 7)} of ${printable(repo)} is not at hand; name a repository that has it with --targets`);
}

/** `countersign.yml` at the commit that the run's workflow file came from, then as it stands on the default branch now. */
async function readConfigs(gitDir: string, run: RunRef): Promise<readonly string[]> {
  const store = await openScratchStore({ gitDir });
  try {
    const texts: string[] = [];
    for (const commit of [run.workflowSha, await headOf(gitDir)]) {
      const text = commit === null ? null : await configAt(store, commit);
      if (text !== null && !texts.includes(text)) texts.push(text);
    }
    return texts;
  } finally {
    await store.close();
  }
}

const headOf = async (gitDir: string): Promise<Oid | null> => resolveCommit(gitDir, 'HEAD').catch(() => null);

async function configAt(store: ScratchStore, commit: Oid): Promise<string | null> {
  try {
    const { tree } = await store.readCommit(commit);
    const entry = (await store.readTree(tree)).find(({ name, mode }) => name === CONFIG && mode === '100644');
    const bytes = entry ? await store.readBlob(entry.oid) : null;
    return bytes && bytes.byteLength <= CONFIG_BYTES_MAX ? new TextDecoder().decode(bytes) : null;
  } catch (error) {
    if (error instanceof CountersignError && error.kind === 'input') return null;
    throw error;
  }
}
