import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { loadGrammarFromPackages } from '../../src/context/grammars.ts';
import type { CountersignConfig } from '../../src/domain/config.ts';
import { openLocalLedger, type LocalLedgerStore } from '../../src/git/ledger-store.ts';
import { openScratchStore } from '../../src/git/scratch-store.ts';
import { createGenesis, encodeGenesis } from '../../src/ledger/codec.ts';
import { fakeClock, seededRandom } from '../../src/ledger/testing/fakes.ts';
import { createRecipeDesigner } from '../../src/model/recipe/designer.ts';
import { createRecipeProposer } from '../../src/model/recipe/proposer.ts';
import { redactSecrets } from '../../src/policy/secrets/redact.ts';
import type { Ports } from '../../src/orchestrator/ports.ts';
import { recipeParsers } from '../../src/orchestrator/recipe-parsers.ts';
import { Workshop, type WorkshopOptions } from '../../src/orchestrator/testing/workshop.ts';
import type { RepoHead } from '../../src/ports/github-reader.ts';
import type { RepoReader } from '../../src/ports/repo-reader.ts';
import { parseConfig } from '../../src/schema/config.ts';

const SAMPLES = join(import.meta.dirname, '../../src/local/samples');
const BEGIN = '2026-11-22T10:00:00Z';
const DATE = `${Date.parse(BEGIN) / 1000} +0000`;
const PERSON = { GIT_AUTHOR_NAME: 'octocat', GIT_AUTHOR_EMAIL: 'octocat@example.org', GIT_AUTHOR_DATE: DATE, GIT_COMMITTER_NAME: 'octocat', GIT_COMMITTER_EMAIL: 'octocat@example.org', GIT_COMMITTER_DATE: DATE };

export const CONFIG_TEXT = `approvers: [octocat]
targets:
  - repo: local/api
    base: main
  - repo: local/web
    base: main
`;

/** The sample repositories and a control repository with an empty ledger, on disk as `countersign up` lays them out, the same bytes each time. */
export interface SampleWorld {
  readonly directory: string;
  readonly ledger: LocalLedgerStore;
  readonly control: string;
  readonly heads: readonly RepoHead[];
  readonly repos: RepoReader;
  readonly issue: { readonly title: string; readonly body: string };
  workshop(options?: { readonly roles?: Pick<Ports, 'designer' | 'proposer'>; readonly config?: CountersignConfig; readonly firstRun?: number; readonly issue?: { readonly title: string; readonly body: string }; readonly heard?: WorkshopOptions['heard']; readonly summarised?: WorkshopOptions['summarised']; readonly tampered?: WorkshopOptions['tampered']; readonly checks?: WorkshopOptions['checks'] }): Workshop;
  remove(): Promise<void>;
}

/** `files` are laid over the sample of that repository. */
export async function createSampleWorld(configText = CONFIG_TEXT, files: Readonly<Record<string, Readonly<Record<string, string>>>> = {}): Promise<SampleWorld> {
  const directory = await mkdtemp(join(tmpdir(), 'countersign-sample-'));
  const heads = await Promise.all(['api', 'web'].map((name) => commitSample(directory, `local/${name}`, { folder: join(SAMPLES, name), files: files[`local/${name}`] ?? {} })));
  const control = join(directory, 'git', 'local', 'control.git');
  const workflowSha = await commitConfig(directory, control, configText);
  const time = { clock: fakeClock(Date.parse(BEGIN)), random: seededRandom(1) };
  const ledger = openLocalLedger({ gitDir: control, ...time });
  await ledger.createGenesis(encodeGenesis(createGenesis('ledger-vectors-1', BEGIN)));
  const sample = await readSampleIssue();
  const recipe = { designer: createRecipeDesigner(recipeParsers), proposer: createRecipeProposer(recipeParsers) };
  const repos: RepoReader = { open: async (repo) => openScratchStore({ gitDir: join(directory, 'git', `${repo}.git`) }) };
  return {
    directory, ledger, control, heads, repos, issue: sample,
    workshop: ({ roles = recipe, config = parseConfig(configText), firstRun = 1_000, issue = sample, heard, summarised, tampered, checks } = {}) => new Workshop({ ...(heard ? { heard } : {}), ...(summarised ? { summarised } : {}), ...(tampered ? { tampered } : {}), ...(checks ? { checks } : {}), ledger, repos, heads, issue, config, roles, loadGrammar: loadGrammarFromPackages, redact: redactSecrets, ...time, workflowSha, firstRun }),
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}

async function readSampleIssue(): Promise<SampleWorld['issue']> {
  const [heading = '', ...rest] = (await readFile(join(SAMPLES, 'issue.md'), 'utf8')).split('\n\n');
  return { title: heading.replace(/^# /, ''), body: rest.join('\n\n') };
}

async function commitSample(directory: string, repo: string, { folder, files }: { folder: string; files: Readonly<Record<string, string>> }): Promise<RepoHead> {
  const gitDir = join(directory, 'git', `${repo}.git`);
  const commit = await commitFolder(gitDir, folder, files);
  return { repo, branch: 'main', commit, tree: git(gitDir, ['rev-parse', `${commit}^{tree}`]) };
}

async function commitConfig(directory: string, gitDir: string, text: string): Promise<string> {
  await initialise(gitDir);
  const blob = git(gitDir, ['hash-object', '-w', '--stdin'], text);
  const tree = git(gitDir, ['mktree'], `100644 blob ${blob}\tcountersign.yml\n`);
  const commit = git(gitDir, ['commit-tree', tree, '-m', 'The control repo']);
  git(gitDir, ['update-ref', 'refs/heads/main', commit]);
  return commit;
}

async function commitFolder(gitDir: string, folder: string, files: Readonly<Record<string, string>>): Promise<string> {
  await initialise(gitDir);
  const copy = `${gitDir}-files`;
  await cp(folder, copy, { recursive: true });
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(copy, path)), { recursive: true });
    await writeFile(join(copy, path), text);
  }
  git(gitDir, [`--work-tree=${copy}`, 'add', '--all', '--chmod=-x', '.'], '', copy);
  const commit = git(gitDir, ['commit-tree', git(gitDir, ['write-tree']), '-m', 'The sample as it stands']);
  git(gitDir, ['update-ref', 'refs/heads/main', commit]);
  await rm(copy, { recursive: true, force: true });
  return commit;
}

async function initialise(gitDir: string): Promise<void> {
  await mkdir(gitDir, { recursive: true });
  git(gitDir, ['init', '--quiet', '--bare', '--initial-branch=main', '--template=', gitDir]);
}

function git(gitDir: string, args: readonly string[], input = '', cwd = gitDir): string {
  const env = { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', ...PERSON };
  return execFileSync('git', [`--git-dir=${gitDir}`, ...args], { cwd, env, input, maxBuffer: 1 << 28 }).toString('utf8').trim();
}
