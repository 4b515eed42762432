import { git } from './temporary-repository.ts';

/** A commit of a ledger as a list of file operations, so that a test can change history and write it anew. */
export interface ModelCommit {
  message: string;
  /** Path to bytes with mode, or null for a removal. */
  files: Map<string, { bytes: Uint8Array; mode: string } | null>;
  /** Another parent, by the commit's index in the list. */
  mergeOf?: number;
}

/** Reads what each commit of `ref` added, oldest first. */
export function readModel(gitDir: string, ref = 'ledger'): ModelCommit[] {
  const commits = git(gitDir, ['rev-list', '--reverse', ref]).toString().trim().split('\n');
  return commits.map((commit) => {
    const files: ModelCommit['files'] = new Map();
    const delta = git(gitDir, ['diff-tree', '-r', '-z', '--root', '--no-commit-id', '--no-renames', commit]).toString().split('\0');
    for (let index = 0; index + 1 < delta.length; index += 2) {
      const [, mode = '', , oid = ''] = delta[index]!.slice(1).split(' ');
      files.set(delta[index + 1]!, { bytes: git(gitDir, ['cat-file', 'blob', oid]), mode });
    }
    return { message: git(gitDir, ['log', '-1', '--format=%B', commit]).toString(), files };
  });
}

export const copyModel = (commits: readonly ModelCommit[]): ModelCommit[] =>
  commits.map((commit) => ({ ...commit, files: new Map([...commit.files].map(([path, file]) => [path, file && { ...file, bytes: Uint8Array.from(file.bytes) }])) }));

/** Writes `commits` as a new history of `ref` in `gitDir`, and gives the tip. */
export function writeModel(gitDir: string, commits: readonly ModelCommit[], ref: string): string {
  const parts: Uint8Array[] = [];
  const text = (line: string): void => void parts.push(Buffer.from(line));
  commits.forEach((commit, index) => {
    text(`commit ${ref}\nmark :${index + 1}\ncommitter Countersign <c@example.org> ${1_790_000_000 + index} +0000\n`);
    text(`data ${Buffer.byteLength(commit.message)}\n${commit.message}\n`);
    if (index > 0) text(`from :${index}\n`);
    if (commit.mergeOf !== undefined) text(`merge :${commit.mergeOf + 1}\n`);
    for (const [path, file] of commit.files) {
      if (!file) {
        text(`D ${JSON.stringify(path)}\n`);
        continue;
      }
      text(`M ${file.mode} inline ${JSON.stringify(path)}\ndata ${file.bytes.byteLength}\n`);
      parts.push(file.bytes);
      text('\n');
    }
    text('\n');
  });
  git(gitDir, ['fast-import', '--quiet', '--force', '--done'], Buffer.concat([...parts, Buffer.from('done\n')]));
  return git(gitDir, ['rev-parse', ref]).toString().trim();
}

/** Every file of the history with the index of the commit that adds it. */
export const filesOf = (commits: readonly ModelCommit[]): { readonly index: number; readonly path: string }[] =>
  commits.flatMap((commit, index) => [...commit.files.keys()].map((path) => ({ index, path })));
