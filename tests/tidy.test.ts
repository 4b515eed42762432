// Style and invariants as tests: what the documents promise about the source as a whole, checked on the source.
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseWorkflowFile } from '../src/local/runner/workflow-model.ts';
import { FILES, grep, isTestFile, read, ROOT, SOURCES, TESTS } from './tidy/files.ts';
import { readLayout, refusedProbes, sourceFolders, type Probe } from './tidy/import-table.ts';
import { JOBS, readWorkflowFile, WORKFLOW_FILES, ZONES } from './tidy/workflows.ts';

const outside = (allowed: RegExp) => SOURCES.filter((file) => !allowed.test(file));

describe('layout', () => {
  test('every folder of the table exists, and every folder of src is in the table', () => {
    expect(readLayout().map(({ folder }) => folder).filter((folder) => !existsSync(join(ROOT, folder)))).toEqual([]);
    const folders = [...new Set(SOURCES.filter((file) => file.startsWith('src/')).map((file) => file.split('/')[1]))];
    expect(folders.filter((folder) => !sourceFolders().includes(folder ?? ''))).toEqual([]);
  });

  test('the linter enforces exactly the import table', async () => {
    const probes = readLayout().flatMap(({ folder, may }) => probesOf(folder, may));
    const refused = await refusedProbes(probes);
    expect(probes.length).toBeGreaterThan(500);
    expect(probes.filter(({ file, isWrong }) => isWrong !== refused.has(file)).map(({ file, imports, isWrong }) => `${file} imports ${imports}: ${isWrong ? 'not refused' : 'refused'}`)).toEqual([]);
  });

  test('the linter refuses every package and Node module in the domain and the ports', async () => {
    const probes = ['src/domain', 'src/ports'].flatMap((folder) => ['node:fs', 'zod'].map((imports) => ({ file: `${folder}/probe-${imports.replace(':', '-')}.ts`, imports })));
    expect((await refusedProbes(probes)).size).toBe(probes.length);
    expect(grep(SOURCES.filter((file) => file.startsWith('src/domain/')), /from '[^.]/)).toEqual([]);
  });

  test('tests may import across', async () => {
    expect(await refusedProbes([{ file: 'src/domain/probe.test.ts', imports: '../git/x.ts' }])).toEqual(new Set());
  });
});

/** One file for each other folder, at two depths: is exactly what the table does not list refused? */
function probesOf(folder: string, may: readonly string[] | null): readonly (Probe & { isWrong: boolean })[] {
  if (may === null && folder !== 'src/cli') return [];
  const up = folder.startsWith('src/') ? '../' : folder === 'site' ? '../../src/' : '../src/';
  const places = folder === 'site' ? ['site/src', 'site/src/lib'] : [folder, `${folder}/deep`];
  return sourceFolders()
    .filter((other) => `src/${other}` !== folder)
    .flatMap((other) => places.map((place, depth) => ({ file: `${place}/probe-${other}.ts`, imports: `${'../'.repeat(depth)}${up}${other}/x.ts`, isWrong: may !== null && !may.includes(other) })));
}

describe('writing', () => {
  const CLIENTS = /\bfetch\s*\(|from '(?:node:)?(?:http|https|http2|net|tls|dgram)'|from '(?:octokit|undici|axios|got)|from '@octokit\/|\bgetOctokit\b/;
  // The AI SDK's client (src/model) speaks to a model's provider, never to GitHub; person.ts plays the person, on the local
  // GitHub; a transcript passes a model's requests on; publish.ts looks at the site that is published.
  const MAY_CALL = /^src\/(?:write-gate\/mutate|github\/exchange|system\/github-request|cli\/up\/(?:person|transcript\/server)|model\/client\/[a-z-]+)\.ts$|^action\/steps\/publish\.ts$|^src\/local\/|^site\/src\/scripts\//;

  test('only two files speak to GitHub: the one that reads and the one that writes', () => {
    expect(grep(outside(MAY_CALL), CLIENTS)).toEqual([]);
  });

  test('only the write gate names a mutating method', () => {
    const mutating = /['"`](?:POST|PATCH|PUT|DELETE)\b/;
    // person.ts plays the person; request-figures.ts reads the local GitHub's request log; http-rails.ts names the routes that Rails gives a target.
    expect(grep(outside(/^src\/(?:write-gate|local)\/|^src\/(?:github\/exchange|system\/github-request|context\/analyse\/http-rails|cli\/up\/(?:person|request-figures|transcript\/server))\.ts$/), mutating)).toEqual([]);
    // GraphQL carries its queries in a POST; reading refuses any text that is not a query.
    const posts = grep(['src/github/exchange.ts'], mutating).filter(({ text }) => !text.startsWith('readonly method: '));
    expect(posts.map(({ text }) => text)).toEqual([expect.stringMatching(/^return send\(access, \{ method: 'POST', url: access\.graphqlUrl/)]);
    expect(read('src/github/exchange.ts')).toMatch(/function sendQuery\([^\n]*\{\n {2}assertQuery\(query\.text\);/);
  });

  test('only the write gate and the local GitHub write a GraphQL mutation', () => {
    expect(grep(outside(/^src\/(?:write-gate|local)\//), /['"`]\s*mutation\b|createCommitOnBranch/)).toEqual([]);
  });

  test('only the write gate imports what sends, and only the two files that speak to GitHub the transport below them', () => {
    expect(grep(outside(/^src\/(?:write-gate\/mutate|github\/exchange)\.ts$/), /system\/github-request\.ts/)).toEqual([]);
    expect(grep(outside(/^src\/write-gate\//), /write-gate\/mutate\.ts/)).toEqual([]);
  });

  test('every file of the write gate that sends asks the rule first', () => {
    const senders = SOURCES.filter((file) => file.startsWith('src/write-gate/') && /\bmutate(?:To)?[(<]/.test(read(file)) && !file.endsWith('/mutate.ts'));
    expect(senders.length).toBeGreaterThan(5);
    // tree-entries.ts stores blobs for target-commit.ts alone, which has asked.
    expect(senders.filter((file) => !/assertMayWrite(?:Control)?\(/.test(read(file)))).toEqual(['src/write-gate/tree-entries.ts']);
    expect(grep(SOURCES, /\/tree-entries\.ts'/).map(({ file }) => file)).toEqual(['src/write-gate/target-commit.ts']);
  });

  test('nothing pushes with git', () => {
    expect(grep(outside(/^src\/local\//), /['"](?:push|send-pack|receive-pack)['"]/)).toEqual([]);
  });
});

describe('determinism', () => {
  const INNER = /^src\/(?:domain|ports|schema|change-set|policy|gates|ledger|context|model|orchestrator|github|write-gate)\//;

  test('clock, randomness and environment come in through ports', () => {
    const reached = /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\b|\bprocess\.env\b|\bperformance\.now\(|\brandomBytes\b|\brandomUUID\b/;
    expect(grep(SOURCES.filter((file) => INNER.test(file)), reached)).toEqual([]);
  });
});

describe('workflows', () => {
  test.each(WORKFLOW_FILES)("%s is accepted by GitHub's own parser", async (file) => {
    const outline = await parseWorkflowFile(read(`.github/workflows/${file}`), `.github/workflows/${file}`);
    expect(outline.jobs.map(({ key }) => `${file} ${key}`)).toEqual(JOBS.filter(({ id }) => id.startsWith(`${file} `)).map(({ id }) => id));
  });

  test('every job has exactly the permissions, environment and secrets of its trust zone', () => {
    const found = JOBS.map(({ id, permissions, environment, secrets }) => [id, { permissions, environment: environment ?? null, secrets }]);
    expect(Object.fromEntries(found)).toEqual(ZONES);
  });

  test('no job has a permission that it does not name', () => {
    for (const file of WORKFLOW_FILES) expect(readWorkflowFile(file).permissions, file).toEqual({});
  });

  test("no job holds the model's key and the writer's key, and no file gives a secret to all its jobs", () => {
    for (const { id, secrets } of JOBS) {
      expect(secrets, id).not.toContain('*');
      expect(secrets.some((name) => name.includes('MODEL')) && secrets.some((name) => /APP|WRITE/.test(name)), id).toBe(false);
    }
    for (const file of WORKFLOW_FILES) expect(JSON.stringify(readWorkflowFile(file).env ?? {}), file).not.toContain('secrets');
  });

  test('the gated job is one job, without a matrix, outside every concurrency group', () => {
    const gated = JOBS.filter(({ environment }) => environment === 'countersign-approval');
    expect(gated.map(({ id }) => id)).toEqual(['apply.yml write']);
    expect(gated[0]?.strategy).toBeUndefined();
    expect(gated[0]?.concurrency).toBeUndefined();
    expect(Object.keys(readWorkflowFile('apply.yml'))).not.toContain('concurrency');
    expect(Object.keys(readWorkflowFile('apply.yml').on)).toEqual(['workflow_dispatch']);
  });

  test('third-party actions are pinned by commit, with the version beside them', () => {
    const used = WORKFLOW_FILES.flatMap((file) => [...read(`.github/workflows/${file}`).matchAll(/uses:\s*(.+)$/gm)].map((match) => match[1]?.trim() ?? ''));
    expect(used.length).toBeGreaterThan(10);
    expect(used.filter((uses) => uses !== './' && !/^[\w-]+\/[\w/-]+@[0-9a-f]{40} # v\d/.test(uses))).toEqual([]);
  });

  test('no script is built from an expression', () => {
    for (const { id, steps } of JOBS) for (const { run } of steps) expect(run ?? '', id).not.toContain('${{');
  });

  test('no checkout leaves a token behind', () => {
    const checkouts = JOBS.flatMap(({ id, steps }) => steps.filter(({ uses }) => uses?.startsWith('actions/checkout@')).map((step) => ({ id, keeps: step.with?.['persist-credentials'] })));
    expect(checkouts.filter(({ keeps }) => keeps !== false)).toEqual([]);
  });
});

describe('the ledger is not read whole', () => {
  test('but by the site: no other job checks it out or asks for a history, and that one says so', () => {
    const whole = JOBS.filter(({ steps }) => steps.some((step) => step.with?.['ref'] === 'ledger' || step.with?.['fetch-depth'] !== undefined));
    expect(whole.map(({ id }) => id)).toEqual(['site.yml publish']);
    expect(read('.github/workflows/site.yml')).toContain('The whole ledger');
  });

  test('but by verification and the pack of a workflow: nothing else walks its history', () => {
    expect(grep(outside(/^src\/(?:git|ledger|cli\/(?:ledger|bench))\//), /openLedgerRepository|objects\.history\(/)).toEqual([]);
    expect(grep(outside(/^src\/cli\/bench\//), /\bgit\.clone\(|\[[^\]]*'clone'/)).toEqual([]);
    expect(read('src/cli/commands/ledger.ts')).toContain('reads the whole branch');
  });
});

describe('documents', () => {
  test('every link to a file leads to one', () => {
    const links = FILES.filter((file) => file.endsWith('.md')).flatMap((file) =>
      [...read(file).replaceAll(/^(`{3,}|~{3,})[\s\S]*?^\1/gm, '').matchAll(/\]\(([^)#:\s]+)(?:#[^)]*)?\)/g)].map((match) => ({ file, target: join(file, '..', match[1] ?? '') })),
    );
    expect(links.length).toBeGreaterThan(20);
    expect(links.filter(({ target }) => !existsSync(join(ROOT, target)))).toEqual([]);
  });

  test('every file that the threat model names exists', () => {
    const named = [...read('docs/threat-model.md').matchAll(/`((?:src|site|tests)\/[a-z0-9/.-]+\.ts)`/g)].map((match) => match[1] ?? '');
    expect(named.length).toBeGreaterThan(15);
    expect(named.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
  });

  test('every decision has its own number and begins with it', () => {
    const decisions = FILES.filter((file) => /^docs\/decisions\/\d{4}-[a-z0-9-]+\.md$/.test(file)).map((file) => ({ file, number: file.slice(15, 19) }));
    expect(new Set(decisions.map(({ number }) => number)).size).toBe(decisions.length);
    expect(decisions.filter(({ file, number }) => !read(file).startsWith(`# ${number} `))).toEqual([]);
  });
});

describe('style', () => {
  const LINES_MAX = 300;

  test(`no source file is longer than ${LINES_MAX} lines`, () => {
    expect(SOURCES.map((file) => [file, read(file).trimEnd().split('\n').length] as const).filter(([, lines]) => lines > LINES_MAX)).toEqual([]);
  });

  test('file names are kebab-case; Astro components are PascalCase', () => {
    const names = FILES.filter((file) => /^(?:src|action|scripts|tests|site|docs)\//.test(file) && !file.endsWith('/README.md')).map((file) => ({ file, name: file.split('/').at(-1) ?? '' }));
    const kebab = /^[a-z0-9]+(?:[-.][a-z0-9]+)*$/;
    const astro = /^(?:[A-Z][A-Za-z]+|[a-z0-9-]+|\[(?:\.\.\.)?[a-zA-Z]+\])\.(?:astro|ts)$/;
    expect(names.filter(({ file, name }) => !kebab.test(name) && !(file.startsWith('site/src/') && astro.test(name))).map(({ file }) => file)).toEqual([]);
  });

  test('no `any` in the source', () => {
    expect(grep(SOURCES, /\bas any\b|:\s*any\b(?!\s+[a-z])|<any[,>]/).filter(({ text }) => !/['"`].*:\s*any\b.*['"`]/.test(text))).toEqual([]);
  });

  test('no linter rule is switched off without a reason', () => {
    const silenced = FILES.filter((file) => /\.(?:ts|astro|mjs)$/.test(file) && !file.startsWith('tests/tidy')).flatMap((file) => [...read(file).matchAll(/(?:oxlint|eslint)-disable[^\n]*|@ts-(?:ignore|expect-error|nocheck)[^\n]*/g)].map((match) => `${file}: ${match[0]}`));
    expect(silenced.filter((text) => !/ -- \S|: \S.*: \S/.test(text))).toEqual([]);
  });

  test('no test is singled out, and none is skipped without saying so', () => {
    const singled = /\b(?:test|it|describe)\.(?:only|skip|todo|fails)\b\s*[(.]/;
    expect(grep(TESTS, singled).filter(({ text }) => !/['"`].*\.(?:only|skip|todo)/.test(text))).toEqual([]);
    expect(grep(TESTS, /\b(?:test|it|describe)\.(?:skipIf|runIf)\(/).filter(({ file }) => !/CHROMIUM|process\.stderr\.write\([^;]*SKIPPED/.test(read(file)))).toEqual([]);
  });

  test('no test sleeps', () => {
    expect(grep(TESTS, /setTimeout\((?:resolve|done|\(\) => (?:resolve|done))/)).toEqual([]);
  });

  test('scripts and tests that are run directly can be run', () => {
    expect(statSync(join(ROOT, '.ci/run')).mode & 0o111).not.toBe(0);
  });

  test('helpers of tests stay out of the product', () => {
    const helpers = SOURCES.flatMap((file) => [...read(file).matchAll(/from '(\.[^']+)'/g)].map((match) => ({ file, target: join(file, '..', match[1] ?? '') })));
    expect(helpers.filter(({ target }) => isTestFile(target))).toEqual([]);
  });
});
