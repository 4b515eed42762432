import { inputError } from '../domain/errors.ts';
import { isOid, type Oid } from '../domain/ids.ts';
import { locateRepository, type RepositoryPlace } from './locate-repository.ts';
import { runGit } from './git-process.ts';
import { openRefsView } from './refs-view.ts';

/** The commit that `rev` (an id, a branch, a tag, `HEAD~2`) stands for; `known`: where the repository lies. Rejects with `missing-commit`. */
export async function resolveCommit(gitDir: string, rev: string, known?: RepositoryPlace): Promise<Oid> {
  const oid = await revParse(known ?? (await locateRepository(gitDir)), `${rev}^{commit}`, rev);
  if (oid === null) throw inputError('missing-commit', `${show(rev)} is not a commit of ${gitDir}. Fetch it there, or give another one.`);
  return oid;
}

/** The tree of a commit, tag or tree. Rejects with `missing-tree`. */
export async function resolveTree(gitDir: string, rev: string): Promise<Oid> {
  const oid = await revParse(await locateRepository(gitDir), `${rev}^{tree}`, rev);
  if (oid === null) throw inputError('missing-tree', `${show(rev)} is neither a commit nor a tree of ${gitDir}.`);
  return oid;
}

async function revParse(place: RepositoryPlace, expression: string, rev: string): Promise<Oid | null> {
  if (rev === '' || rev.startsWith('-') || /[\0\n]/u.test(rev)) return null;
  const view = await openRefsView(place);
  if (view === null) return null;
  try {
    const output = await runGit({ args: ['--git-dir=.', 'rev-parse', '--verify', '--quiet', expression], cwd: view.directory, config: { 'safe.directory': '*' } });
    const oid = output.stdout.toString('latin1').trim();
    return output.code === 0 && isOid(oid) ? oid : null;
  } finally {
    await view.remove();
  }
}

const show = (rev: string): string => JSON.stringify(rev.slice(0, 200));
