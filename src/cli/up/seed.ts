import { randomBytes } from 'node:crypto';
import { basename, join, resolve } from 'node:path';
import type { LocalState } from '../../local/contract.ts';
import { addApp, addIssue, addRepo, addToken, addUser, gitDirOf } from '../../local/server/seed.ts';
import { createState } from '../../local/server/state.ts';
import { installationIdOf } from '../../local/server/view/users.ts';
import { inputError } from '../../domain/errors.ts';
import type { RepoName } from '../../domain/ids.ts';
import { resolveCommit } from '../../git/resolve-commit.ts';
import { openLocalLedger } from '../../git/ledger-store.ts';
import { createGenesis, encodeGenesis } from '../../ledger/codec.ts';
import { systemClock, systemRandom } from '../../system/clock.ts';
import { copyBranch, inspectSource, type SourceRepository } from './git-seed.ts';
import { importFiles } from './import-files.ts';
import { readIssueFile, type IssueFile } from './issue-file.ts';
import { renderConfig, type Settings } from './local-config.ts';
import type { ModelPlan } from './model-plan.ts';
import type { UpOptions } from './options.ts';

/** The checkout that Countersign itself runs from. */
export const ROOT = resolve(import.meta.dirname, '../../..');
export const CONTROL_REPO = 'local/control';
/** The secret that think jobs ask models with. It is held in memory, never kept in the directory. */
export const MODEL_KEY = 'COUNTERSIGN_MODEL_KEY';
/** What the local control repo consists of: everything its workflows use. Of `src`, that is what the site is built with (the layout table says what it may import). */
export const CONTROL_FILES = ['.github/workflows', 'action.yml', 'action/dist', 'site', 'src/domain', 'src/ports', 'src/schema', 'src/ledger', 'src/change-set', 'package.json', 'package-lock.json', 'tsconfig.json'];
/** Each file costs in each job's checkout. */
const isUnused = (path: string): boolean => /\.(?:test|fixture)\.ts$|\/(?:testing|test|sample|\.astro)$|^site\/dist$/.test(path);
export const SAMPLES = join(ROOT, 'src', 'local', 'samples');

/** A repository that the local GitHub will hold. */
export interface SeedTarget {
  readonly repo: RepoName;
  readonly source: { readonly kind: 'sample'; readonly folder: string } | ({ readonly kind: 'copy' } & SourceRepository);
  readonly branch: string;
}

export interface Seeded {
  readonly state: LocalState;
  readonly issue: { readonly repo: RepoName; readonly number: number };
  readonly targets: readonly RepoName[];
}

/** What a local GitHub is to hold. */
export interface SeedPlan {
  readonly targets: readonly SeedTarget[];
  readonly issue: IssueFile;
  /** The one person: owner, approver and reviewer. */
  readonly login: string;
  readonly ciCommand: string | null;
  readonly model: ModelPlan | null;
  /** The control repo's `countersign.yml`. */
  readonly config: string;
  /** Files and folders of this checkout that make the control repo. */
  readonly controlFiles: readonly string[];
}

/** What the command line asks for, checked before anything is written. */
export async function seed(dir: string, options: UpOptions, { model, settings }: { model: ModelPlan | null; settings: Settings }): Promise<Seeded> {
  const targets = options.repos.length > 0 ? await copiedTargets(options.repos) : sampleTargets();
  const issue = await readIssueFile(options.issue ?? join(SAMPLES, 'issue.md'));
  // Who stops where questions are asked may have an issue that leaves some open.
  if (options.issue !== null && model === null && options.until !== 'NEEDS_HUMAN') await precheck(issue, targets);
  const { login } = options.reviewer;
  const config = renderConfig({ login, targets: targets.map(({ repo, branch }) => ({ repo, branch })), model, settings });
  return plant(dir, { targets, issue, login, ciCommand: options.ciCommand, model, config, controlFiles: CONTROL_FILES });
}

/** Fills an empty directory: target repositories, the issue, the control repo with its ledger, people, the App and tokens. */
export async function plant(dir: string, plan: SeedPlan): Promise<Seeded> {
  const { targets, issue, login } = plan;
  const state = createState();
  addUser(state, login);
  for (const target of targets) await addTarget(state, dir, target, plan);
  await addControl(state, dir, plan);
  const primary = targets[0]?.repo ?? '';
  const added = addIssue(state, { repo: primary, title: issue.title, body: withRepositories(issue.body, targets), user: login, at: systemClock.now() });
  return { state, issue: { repo: primary, number: added.number }, targets: targets.map(({ repo }) => repo) };
}

export function sampleTargets(): readonly SeedTarget[] {
  return ['api', 'web'].map((name) => ({ repo: `local/${name}`, branch: 'main', source: { kind: 'sample', folder: join(SAMPLES, name) } }));
}

async function copiedTargets(paths: readonly string[]): Promise<readonly SeedTarget[]> {
  const targets = await Promise.all(
    paths.map(async (path) => {
      const source = await inspectSource(path);
      return { repo: repoNameOf(path), branch: source.branch, source: { kind: 'copy', ...source } as const };
    }),
  );
  const names = targets.map(({ repo }) => repo.toLowerCase());
  if (new Set(names).size !== names.length || names.includes(CONTROL_REPO)) throw inputError('same-name', `The repositories need different names, and none may be called "control": ${names.join(', ')}. Rename one of the folders.`);
  return targets;
}

const repoNameOf = (path: string): RepoName => {
  const name = basename(resolve(path)).replace(/\.git$/, '').replaceAll(/[^A-Za-z0-9._-]/g, '-').replace(/^\.+/, '') || 'repository';
  return `local/${name.slice(0, 100)}`;
};

async function precheck(issue: IssueFile, targets: readonly SeedTarget[]): Promise<void> {
  const checked = await Promise.all(
    targets.map(async ({ repo, branch, source }) => {
      if (source.kind === 'sample') throw new TypeError('samples are not checked');
      return { repo, gitDir: source.gitDir, commit: await resolveCommit(source.gitDir, `refs/heads/${branch}`) };
    }),
  );
  // Loaded here: with it come all rules of the policy, and the samples need no check.
  const { checkIssue } = await import('./check-issue.ts');
  await checkIssue({ ...issue, body: withRepositories(issue.body, targets) }, checked);
}

/** An issue file need not name the repositories that the command line names. */
function withRepositories(body: string, targets: readonly SeedTarget[]): string {
  if (/^#{1,6}\s+(?:target\s+)?repositor(?:y|ies)\s*$/im.test(body)) return body;
  return `${body}\n\n## Repositories\n\n${targets.map(({ repo }) => `- ${repo}`).join('\n')}\n`;
}

async function addTarget(state: LocalState, dir: string, { repo, branch, source }: SeedTarget, { ciCommand }: SeedPlan): Promise<void> {
  const isSample = source.kind === 'sample';
  const checks = isSample ? ['test'] : ciCommand === null ? [] : ['ci'];
  await addRepo(state, dir, {
    name: repo,
    defaultBranch: branch,
    requiredChecks: checks.map((context) => ({ context, integrationId: null })),
    installedApps: ['countersign-writer'],
    ciCommand: isSample ? null : ciCommand,
    // A copied repository's own workflows run only with the owner's consent, and consent is given for --ci alone.
    actionsEnabled: isSample,
  });
  if (source.kind === 'sample') await importFiles(gitDirOf(dir, repo), source.folder, { branch, message: 'The sample as it stands', at: systemClock.now(), names: ['.'] });
  else await copyBranch(source, gitDirOf(dir, repo));
}

async function addControl(state: LocalState, dir: string, { targets, login, model, config, controlFiles }: SeedPlan): Promise<void> {
  const repos = targets.map(({ repo }) => repo);
  const { app, privateKey } = addApp(state, { slug: 'countersign-writer', permissions: { contents: 'write', pull_requests: 'write', metadata: 'read' } });
  const readToken = addToken(state, {
    id: 'read-token',
    login,
    repos: [...repos, CONTROL_REPO],
    permissions: { contents: 'read', issues: 'read', pull_requests: 'read', checks: 'read', statuses: 'read', metadata: 'read' },
  });
  await addRepo(state, dir, {
    name: CONTROL_REPO,
    private: false,
    secrets: { COUNTERSIGN_READ_TOKEN: readToken, ...(model === null || model.key === null ? {} : { [MODEL_KEY]: model.key }) },
    variables: { COUNTERSIGN_APP_ID: String(app.id), COUNTERSIGN_APP_INSTALLATIONS: ownersOf(repos).map((owner) => `${owner}=${installationIdOf(app.slug, owner)}`).join(' ') },
    environments: [
      { name: 'countersign-approval', reviewers: [login], secrets: { COUNTERSIGN_APP_PRIVATE_KEY: privateKey } },
      { name: 'github-pages', reviewers: [] },
    ],
  });
  addToken(state, { id: 'person', login, repos: [...repos, CONTROL_REPO], permissions: { actions: 'write', contents: 'write', issues: 'write', metadata: 'read', deployments: 'write' } });
  const gitDir = gitDirOf(dir, CONTROL_REPO);
  await importFiles(gitDir, ROOT, { branch: 'main', message: 'The control repo', at: systemClock.now(), names: controlFiles, isLeftOut: isUnused, texts: { 'countersign.yml': config } });
  await beginLedger(gitDir);
}

const ownersOf = (repos: readonly RepoName[]): readonly string[] => [...new Set(repos.map((repo) => repo.split('/')[0] ?? ''))];

async function beginLedger(gitDir: string): Promise<void> {
  const ledger = openLocalLedger({ gitDir, clock: systemClock, random: systemRandom });
  await ledger.createGenesis(encodeGenesis(createGenesis(`ledger-${randomBytes(8).toString('hex')}`, systemClock.now())));
}
