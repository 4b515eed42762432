import type { Command } from 'commander';
import { inputError } from '../../domain/errors.ts';
import { exitWith, note, printJson, printLine } from '../output.ts';
import { printable } from '../printable.ts';

interface Flags {
  readonly runs: string;
  readonly workflows: string;
  readonly sizes: string;
  readonly repo?: readonly string[];
  readonly commits: string;
  readonly mutations: string;
  readonly seed?: string;
  readonly ref: string;
  readonly histories: string;
  readonly heldOut: string;
  readonly json?: boolean;
}

/** What a benchmark found: the document for `--json`, the lines for people, and whether what it checks holds. */
export interface BenchReport {
  readonly report: object;
  readonly lines: readonly string[];
  readonly holds: boolean;
}

const RUNS_MAX = 50;
const SIZES_MAX = 6;
const [SIZE_MIN, SIZE_MAX] = [100, 1_000_000];

// Each is loaded only when it is asked for.
const BENCHES: Readonly<Record<string, (flags: Flags) => Promise<BenchReport>>> = {
  up: async (flags) => {
    const runs = runsOf(flags);
    const [{ benchUp }, { upLines }] = await Promise.all([import('../bench/up.ts'), import('../bench/up-lines.ts')]);
    const report = await benchUp(runs, note);
    return { report, lines: upLines(report), holds: true };
  },
  canonical: async () => {
    const [{ benchCanonical }, { canonicalLines }] = await Promise.all([import('../bench/canonical.ts'), import('../bench/canonical-lines.ts')]);
    const report = benchCanonical(note);
    return { report, lines: canonicalLines(report), holds: report.numbers.holds };
  },
  ledger: async (flags) => {
    // Both check their flags before either begins.
    const [append, verify] = [prepareAppend(flags), prepareVerify(flags)];
    const appended = await append();
    // Nobody has to wait for the second to read the first.
    if (flags.json !== true) for (const line of [...appended.lines, '']) printLine(line);
    const verified = await verify();
    return { report: { bench: 'ledger', append: appended.report, verify: verified.report }, lines: verified.lines, holds: appended.holds && verified.holds };
  },
  context: async (flags) => {
    const options = { repo: flags.repo?.[0] ?? null, ref: flags.ref, histories: flags.histories.split(',').filter((path) => path !== ''), commits: wholeNumber('--held-out', flags.heldOut), runs: runsOf(flags) };
    const [{ benchContext }, { contextBenchLines }] = await Promise.all([import('../bench/context.ts'), import('../bench/context-lines.ts')]);
    const report = await benchContext(options, note);
    return { report, lines: contextBenchLines(report), holds: report.holds };
  },
  'ledger-append': (flags) => prepareAppend(flags)(),
  'ledger-verify': (flags) => prepareVerify(flags)(),
  patch: async (flags) => {
    const [commits, mutations] = [wholeNumber('--commits', flags.commits), wholeNumber('--mutations', flags.mutations)];
    const seed = flags.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : wholeNumber('--seed', flags.seed);
    const [{ benchPatch }, { patchLines }] = await Promise.all([import('../bench/patch.ts'), import('../bench/patch-lines.ts')]);
    const report = await benchPatch({ repos: flags.repo ?? [], commits, mutations, seed }, note);
    return { report, lines: patchLines(report), holds: report.holds };
  },
  policy: async (flags) => {
    const commits = wholeNumber('--commits', flags.commits);
    const [{ benchPolicy }, { policyLines }] = await Promise.all([import('../bench/policy/policy.ts'), import('../bench/policy/policy-lines.ts')]);
    const report = await benchPolicy({ repositories: flags.repo ?? [], commits }, note);
    return { report, lines: policyLines(report), holds: report.holds };
  },
};

function prepareAppend(flags: Flags): () => Promise<BenchReport> {
  const sizes = sizesOf(flags);
  return async () => {
    const [{ benchLedgerAppend }, { appendLines }] = await Promise.all([import('../bench/ledger-append.ts'), import('../bench/ledger-append-lines.ts')]);
    const report = await benchLedgerAppend(sizes, note);
    return { report, lines: appendLines(report), holds: report.aims.hold };
  };
}

function prepareVerify(flags: Flags): () => Promise<BenchReport> {
  const asked = { workflows: workflowsOf(flags), runs: runsOf(flags) };
  return async () => {
    const [{ benchLedgerVerify }, { ledgerVerifyLines }] = await Promise.all([import('../bench/ledger-verify.ts'), import('../bench/ledger-verify-lines.ts')]);
    const report = await benchLedgerVerify(asked, note);
    return { report, lines: ledgerVerifyLines(report), holds: report.holds };
  };
}

const HELP = `
Names:
  up             an issue from start to DONE on the local GitHub, beside bare starts of node
  canonical      a million numbers against the published checksum of RFC 8785; reading and writing records
  ledger         the next two, one after the other (some minutes, and some GB below the temporary directory)
  ledger-append  an append at several sizes of a ledger, beside git by hand and a clone through isomorphic-git
  context        countersign context, cold and warm, beside repomix --compress; held-out commits beside BM25
  ledger-verify  ledger verify beside git fsck --full of the same ledger, and incremental
  patch          attacks and harmless diffs beside three libraries; the last commits of real repositories
                 beside git apply; mutated patches judged by git
  policy         crafted patches and made secrets, given to ours, to diff parsers, danger and secretlint;
                 what the rules say of real commits (with --repo)

Examples:
  countersign bench
  countersign bench up --runs 5 --json
  countersign bench canonical
  countersign bench patch --repo ~/src/git --repo ~/src/libgit2 --commits 200
  countersign bench patch --mutations 1000 --seed 7 --json
  countersign bench policy --repo ../api --repo ../web --commits 200
  countersign bench context --repo ../typeorm --histories ../requests,../express,../sinatra
  countersign bench ledger-append --sizes 100,1000
  countersign bench ledger-verify --workflows 1000 --runs 1
`;

/** `countersign bench [NAME]`. */
export function register(program: Command): void {
  program
    .command('bench')
    .description('The benchmarks, each beside its peer or limit measured in the same run, as ratios.')
    .argument('[NAME]', `one of: ${Object.keys(BENCHES).join(', ')}`, 'up')
    .option('--runs <n>', 'how often up, context and ledger-verify are measured', '3')
    .option('--workflows <n>', 'how many workflows the ledger of ledger-verify has', '10000')
    .option('--sizes <list>', 'numbers of workflows at which ledger-append measures, ascending', '100,10000,100000')
    .option('--repo <dir>', '`patch`, `policy`: a repository whose history is taken; `context`: the one that is read; may be given several times (default: for `patch` this checkout, for `policy` none)', (dir: string, before: string[]) => [...before, dir], [])
    .option('--commits <n>', '`patch`, `policy`: how many of its last commits', '1000')
    .option('--mutations <n>', '`patch`: how many mutated patches', '100000')
    .option('--seed <n>', '`patch`: where its random choices begin (default: anywhere; it is printed)')
    .option('--ref <ref>', '`context`: the commit of the first --repo that is read (default there: 2,800 generated files)', 'HEAD')
    .option('--histories <list>', '`context`: repositories whose newest commits are held out and ranked, by commas', '')
    .option('--held-out <n>', '`context`: how many commits of each', '60')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', HELP)
    .action(run);
}

async function run(name: string, flags: Flags): Promise<void> {
  const bench = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;
  if (bench === undefined) throw inputError('unknown-bench', `There is no benchmark "${printable(name).slice(0, 60)}". There are: ${Object.keys(BENCHES).join(', ')}.`);
  const { report, lines, holds } = await bench(flags);
  if (flags.json === true) printJson(report);
  else for (const line of lines) printLine(line);
  exitWith(holds ? 0 : 1);
}

function wholeNumber(flag: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw inputError('bad-number', `${flag} needs a whole number, got "${printable(text).slice(0, 60)}".`);
  return Number(text);
}

function runsOf(flags: Flags): number {
  const runs = /^[1-9]\d?$/.test(flags.runs) ? Number(flags.runs) : 0;
  if (runs < 1 || runs > RUNS_MAX) throw inputError('bad-runs', `--runs needs a number from 1 to ${RUNS_MAX}, got "${printable(flags.runs).slice(0, 60)}".`);
  return runs;
}

function workflowsOf({ workflows }: Flags): number {
  const count = /^[1-9]\d{0,5}$/.test(workflows) ? Number(workflows) : 0;
  if (count < 1) throw inputError('bad-workflows', `--workflows needs a number from 1 to 999999, got "${printable(workflows).slice(0, 60)}".`);
  return count;
}

function sizesOf({ sizes }: Flags): readonly number[] {
  const numbers = sizes.split(',').map((text) => (/^[1-9]\d{0,7}$/.test(text.trim()) ? Number(text) : Number.NaN));
  const ascend = numbers.every((size, index) => size >= SIZE_MIN && size <= SIZE_MAX && size > (numbers[index - 1] ?? 0));
  if (!ascend || numbers.length > SIZES_MAX) throw inputError('bad-sizes', `--sizes needs at most ${SIZES_MAX} ascending numbers from ${SIZE_MIN} to ${SIZE_MAX}, such as 100,10000; got "${printable(sizes).slice(0, 60)}".`);
  return numbers;
}
