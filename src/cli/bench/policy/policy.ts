import { availableParallelism, loadavg } from 'node:os';
import { resolveChangeSet } from '../../../change-set/build.ts';
import { judgeChangeSet } from '../../../orchestrator/judge.ts';
import { scanText } from '../../../policy/secrets/scan-text.ts';
import { makeSecrets, WRAPPINGS } from '../../../policy/secrets/synthetic-secrets.ts';
import { defaultConfig } from '../../../schema/config.ts';
import { createMemoryStore, writeFiles } from '../../policy/memory-store.ts';
import { BASE, HARMLESS, policyAttacks, type PolicyAttack } from './attacks.ts';
import { judgeHistory, type HistoryFigures } from './history.ts';
import { askPeers, type PeerAnswers } from './peers.ts';

const SECRETS_SEED = 20261123;
const SECRETS_PER_KIND = 20;
const BUDGET = 1e9;

/** How one tool did with the crafted patches. Null: not its business. */
export interface ToolScore {
  readonly tool: string;
  readonly blocked: number;
  readonly missed: number;
  /** Harmless patches whose changed paths it gives otherwise than they are. */
  readonly corrupted: number | null;
  readonly missedNames: readonly string[];
}

/** Secrets found of those made, for one way of wrapping them. */
export interface Recall {
  readonly wrapping: string;
  readonly made: number;
  readonly ours: number;
  readonly secretlint: number;
}

export interface PolicyBench {
  readonly bench: 'policy';
  readonly machine: { readonly cores: number; readonly load: number; readonly node: string };
  readonly attacks: { readonly structure: number; readonly secret: number; readonly content: number };
  readonly scores: readonly ToolScore[];
  readonly seed: number;
  readonly recall: readonly Recall[];
  readonly histories: readonly HistoryFigures[];
  readonly holds: boolean;
}

/** Crafted patches, made secrets and real histories, given to ours and to what people use instead. */
export async function benchPolicy({ repositories, commits }: { repositories: readonly string[]; commits: number }, say: (line: string) => void): Promise<PolicyBench> {
  const attacks = policyAttacks();
  // A value that only a name gives away is no secret inside an encoding, neither to us nor to others.
  const made = makeSecrets(SECRETS_SEED, SECRETS_PER_KIND).filter(({ kind }) => !kind.startsWith('assigned-'));
  const wrapped = Object.entries(WRAPPINGS).map(([wrapping, wrap]) => ({ wrapping, texts: made.map(({ secret }) => wrap(secret)) }));
  const ofSecrets = attacks.filter(({ kind }) => kind === 'secret');
  const answers = await askPeers({ patches: [...attacks, ...HARMLESS].map(({ patch }) => patch), texts: [...ofSecrets.map(({ patch }) => addedText(patch)), ...wrapped.flatMap(({ texts }) => texts)] }, say);
  say('ours: crafted patches');
  const ours = await scoreOurs(attacks);
  say(`ours: ${made.length} secrets in ${wrapped.length} wrappings`);
  const recall = wrapped.map(({ wrapping, texts }, index) => {
    const from = ofSecrets.length + index * texts.length;
    const found = texts.filter((text) => scanText(text, { charactersLeft: BUDGET }).hits.length > 0).length;
    return { wrapping, made: texts.length, ours: found, secretlint: answers.secretlint.slice(from, from + texts.length).filter((count) => count > 0).length };
  });
  const histories: HistoryFigures[] = [];
  for (const repository of repositories) {
    say(`history: ${repository}`);
    histories.push(await judgeHistory(repository, commits));
  }
  const count = (kind: PolicyAttack['kind']): number => attacks.filter((attack) => attack.kind === kind).length;
  return {
    bench: 'policy',
    machine: { cores: availableParallelism(), load: loadavg()[0] ?? 0, node: process.version },
    attacks: { structure: count('structure'), secret: count('secret'), content: count('content') },
    scores: [ours, ...scoreParsers(attacks, answers), scoreSecretlint(ofSecrets, answers)],
    seed: SECRETS_SEED,
    recall,
    histories,
    holds: ours.missed === 0 && ours.corrupted === 0,
  };
}

const addedText = (patch: string): string => patch.split('\n').filter((line) => line.startsWith('+') && !line.startsWith('+++')).map((line) => line.slice(1)).join('\n');

/** Ours blocks (or warns, where that is the rule's severity) or refuses; a harmless patch must change exactly its paths. */
export async function scoreOurs(attacks: readonly PolicyAttack[]): Promise<ToolScore> {
  const missedNames: string[] = [];
  for (const { name, patch } of attacks) {
    const { kind, verdict } = await judgePatch(patch);
    if (kind === 'judged' && verdict === 'pass') missedNames.push(name);
  }
  let corrupted = 0;
  for (const { patch, paths } of HARMLESS) {
    const judged = await judgePatch(patch);
    if (judged.kind === 'refused' || judged.paths.toSorted().join('\0') !== paths.toSorted().join('\0')) corrupted += 1;
  }
  return { tool: 'countersign', blocked: attacks.length - missedNames.length, missed: missedNames.length, corrupted, missedNames };
}

async function judgePatch(patch: string): Promise<{ readonly kind: 'refused'; readonly verdict: null; readonly paths: readonly string[] } | { readonly kind: 'judged'; readonly verdict: 'pass' | 'warn' | 'block'; readonly paths: readonly string[] }> {
  const store = createMemoryStore();
  const tree = await writeFiles(new Map(Object.entries(BASE).map(([path, text]) => [path, { bytes: Buffer.from(text), mode: '100644' }])), store);
  const resolved = await resolveChangeSet({ repo: null, base: { commit: tree, tree }, parts: [{ format: 'diff', text: patch }], store });
  if (resolved.kind === 'failed') return { kind: 'refused', verdict: null, paths: [] };
  const { verdict } = await judgeChangeSet(resolved.changeSet, store, { repo: 'local/repository', config: defaultConfig(), scope: null, today: '2026-01-01' });
  return { kind: 'judged', verdict, paths: resolved.changeSet.changes.map(({ path }) => path) };
}

/** A parser blocks nothing itself: it counts as blocking where it refuses, or shows what a check over its answer needs. */
function scoreParsers(attacks: readonly PolicyAttack[], { parsers }: PeerAnswers): ToolScore[] {
  return parsers.map(({ tool, answers }) => {
    const asked = attacks.flatMap((attack, index) => (attack.kind === 'structure' ? [{ attack, answer: answers[index] }] : []));
    const missed = asked.filter(({ attack, answer }) => answer?.refused === null && !attack.shows(answer));
    const corrupted = HARMLESS.filter(({ paths }, index) => {
      const answer = answers[attacks.length + index];
      const shown = new Set(answer?.files.flatMap((file) => [file.old, file.new]).filter((path) => path !== null));
      return answer?.refused !== null || [...shown].toSorted().join('\0') !== paths.toSorted().join('\0');
    }).length;
    return { tool, blocked: asked.length - missed.length, missed: missed.length, corrupted, missedNames: missed.map(({ attack }) => attack.name) };
  });
}

function scoreSecretlint(attacks: readonly PolicyAttack[], { secretlint }: PeerAnswers): ToolScore {
  const missed = attacks.filter((_, index) => secretlint[index] === 0);
  return { tool: 'secretlint alone', blocked: attacks.length - missed.length, missed: missed.length, corrupted: null, missedNames: missed.map(({ name }) => name) };
}
