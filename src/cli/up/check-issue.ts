import { inputError } from '../../domain/errors.ts';
import type { RepoName } from '../../domain/ids.ts';
import { extractUnifiedDiffs } from '../../change-set/extract-diffs.ts';
import { resolveChangeSet, type ProposalPart } from '../../change-set/build.ts';
import { parseEditBlocks } from '../../change-set/parse-edit-blocks.ts';
import { loadGrammarFromPackages } from '../../context/grammars.ts';
import { createRewrite } from '../../context/rewrite/expand.ts';
import type { RewriteBase } from '../../context/rewrite/rewrite-repository.ts';
import { openScratchStore } from '../../git/scratch-store.ts';
import { proposalsFor, readChange, type ChangeBlock } from '../../model/recipe/change.ts';
import { readIssue } from '../../model/recipe/issue.ts';
import { repositoriesNamedIn } from '../../orchestrator/intake.ts';
import { recipeParsers } from '../../orchestrator/recipe-parsers.ts';
import type { ScratchStore } from '../../ports/objects.ts';
import type { Rewrite } from '../../ports/rewriter.ts';
import type { IssueFile } from './issue-file.ts';

/** A repository as it will be copied in: its name there, and where its base is. */
export interface IssueTarget {
  readonly repo: RepoName;
  readonly gitDir: string;
  readonly commit: string;
}

const HELP = ' docs/writing-an-issue.md shows the form.';

/** Tries the issue's change on the bases before anything is started, so that a slip costs a second and not a run. */
export async function checkIssue(issue: IssueFile, targets: readonly IssueTarget[]): Promise<void> {
  const { path, linesBefore } = issue.origin ?? { path: 'the issue', linesBefore: 0 };
  // Blank lines stand for what was cut off before the body, so that every line number is the file's own.
  const body = `${'\n'.repeat(linesBefore)}${issue.body}`;
  for (const parsed of [parseEditBlocks(body), extractUnifiedDiffs(body)]) if (parsed.kind === 'malformed') throw inputError('malformed-change', `${path}:${parsed.line}: ${parsed.message}${HELP}`);
  const all = repositoriesOf(issue, targets);
  const change = await readChange(readIssue(issue.title, body).changes, recipeParsers, { primary: all[0] ?? '', all, rewrite: rewriteIn(targets) });
  const [fault] = change.faults;
  if (fault) throw inputError('malformed-change', `${path}: ${fault}${HELP}`);
  if (change.blocks.length === 0) {
    throw inputError('no-change', 'The issue carries no change. Without a model, write it as search/replace blocks, a unified diff or rewrite rules (docs/writing-an-issue.md), name a model with --model, or stop at the question with --until NEEDS_HUMAN and hand a change over with `countersign propose`.');
  }
  for (const target of targets) await tryOne(target, proposalsFor(target.repo, inPlace(change.blocks.filter(({ repo }) => repo === target.repo))), `${path}: `);
}

/** Blocks behind as many blank lines as put them where they stand in the file, so that what is said of a search text names its line there. */
function inPlace(blocks: readonly ChangeBlock[]): readonly ChangeBlock[] {
  let lines = -1;
  return blocks.map((block) => {
    if (block.format === 'diff') {
      lines = -1;
      return block;
    }
    const above = block.text.split('\n').findIndex((line) => /^\s*(?:`{3,}|~{3,})/.test(line));
    const text = `${'\n'.repeat(Math.max(0, block.line - above - 2 - lines))}${block.text}`;
    // Proposals are joined by one blank line.
    lines += text.split('\n').length + 1;
    return { ...block, text };
  });
}

/** Rewrite rules on the commits that `up` will pin. A store is open while its rules run. */
export const rewriteIn = (targets: readonly IssueTarget[]): Rewrite => async (requests) => {
  const stores: ScratchStore[] = [];
  const open = async (repo: RepoName): Promise<RewriteBase> => {
    const { gitDir, commit } = targets.find((each) => each.repo === repo) ?? { gitDir: '', commit: '' };
    const store = await openScratchStore({ gitDir });
    stores.push(store);
    return { objects: store, tree: (await store.readCommit(commit)).tree };
  };
  try {
    return await createRewrite(open, loadGrammarFromPackages)(requests);
  } finally {
    await Promise.all(stores.map(async (store) => store.close()));
  }
};

/** The repositories in the issue's order, as the workflow will take them: the first is the primary one. */
function repositoriesOf({ body }: IssueFile, targets: readonly IssueTarget[]): readonly RepoName[] {
  const given = targets.map(({ repo }) => repo);
  return repositoriesNamedIn(body).map((name) => {
    const known = given.find((repo) => repo.toLowerCase() === name.toLowerCase());
    if (known === undefined) throw inputError('not-a-target', `The issue names ${name}, but --repo gives ${given.join(', ')}. A repository is called local/ and its folder's name; give every one with --repo.`);
    return known;
  });
}

/** Rejects with an `input` error when the change does not apply exactly to the commit. */
export async function tryOne({ repo, gitDir, commit }: IssueTarget, parts: readonly ProposalPart[], where = ''): Promise<void> {
  if (parts.length === 0) throw inputError('no-change', `The issue has no change for ${repo}. Add a block with repo=${repo}, or leave that repository out.`);
  const store = await openScratchStore({ gitDir });
  try {
    const { tree } = await store.readCommit(commit);
    const result = await resolveChangeSet({ repo, base: { commit, tree }, parts, store });
    if (result.kind === 'failed') throw inputError(result.code, `${where}The change for ${repo} does not apply: ${result.message}`);
  } finally {
    await store.close();
  }
}
