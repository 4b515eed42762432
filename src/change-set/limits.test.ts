import { beforeAll, afterAll, describe, expect, it } from 'vitest';
import { ThrowAwayRepository } from '../cli/bench/patch/throw-away-repository.ts';
import { openScratchStore } from '../git/scratch-store.ts';
import type { ScratchStore } from '../ports/objects.ts';
import { applyDiff } from './apply-diff.ts';
import { MAX_DIRECTORIES, MAX_EDITS, MAX_FILE_BYTES, MAX_FILES, MAX_HUNKS, MAX_LINE_BYTES, MAX_NAME_BYTES, MAX_PATH_BYTES, MAX_PATH_DEPTH, MAX_PROPOSAL_BYTES } from './limits.ts';
import { parseEditBlocks } from './parse-edit-blocks.ts';

let repository: ThrowAwayRepository;
let base: string;
let store: ScratchStore;
beforeAll(async () => {
  repository = await ThrowAwayRepository.create();
  base = (await repository.importHistory([new Map([['a.txt', { kind: 'plain', content: 'l\n' }]])]))[0]?.tree ?? '';
  store = await openScratchStore({ gitDir: repository.directory });
});
afterAll(async () => {
  await store.close();
  await repository.remove();
});

const empty = (path: string): string => `diff --git a/${path} b/${path}\nnew file mode 100644\nindex 0000000..e69de29\n`;
const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');
const apply = async (patch: Uint8Array): Promise<string> => {
  const applied = await applyDiff(patch, base, store);
  return applied.kind === 'applied' ? 'a tree' : applied.code;
};

describe('past a cap the whole is refused, and at the cap it is not', () => {
  it('bytes of a patch', async () => {
    expect(await apply(Buffer.alloc(MAX_PROPOSAL_BYTES + 1, '\n'))).toBe('too-large');
    expect(await apply(Buffer.alloc(MAX_PROPOSAL_BYTES, '\n'))).toBe('stray-text');
    expect(parseEditBlocks('x'.repeat(MAX_PROPOSAL_BYTES + 1))).toMatchObject({ kind: 'malformed', code: 'too-large' });
  });
  it('bytes of a line', async () => {
    const line = (length: number): Buffer => bytes(`diff --git a/n b/n\nnew file mode 100644\n--- /dev/null\n+++ b/n\n@@ -0,0 +1 @@\n+${'x'.repeat(length - 1)}\n`);
    expect(await apply(line(MAX_LINE_BYTES))).toBe('a tree');
    expect(await apply(line(MAX_LINE_BYTES + 1))).toBe('line-too-long');
  });
  it('files', async () => {
    expect(await apply(bytes(Array.from({ length: MAX_FILES + 1 }, (_, index) => empty(`n${index}`)).join('')))).toBe('too-many-files');
  });
  it('hunks', async () => {
    const hunks = (count: number): string => Array.from({ length: count }, (_, index) => `@@ -${index + 1} +${index + 1} @@\n-l\n+m\n`).join('');
    const file = (path: string, count: number): string => `diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n${hunks(count)}`;
    expect(await apply(bytes(file('a.txt', MAX_HUNKS / 2) + file('b.txt', MAX_HUNKS / 2 + 1)))).toBe('too-many-hunks');
  });
  it('directories', async () => {
    const perFile = MAX_PATH_DEPTH - 1;
    const files = Math.ceil(MAX_DIRECTORIES / perFile) + 1;
    const path = (index: number): string => `${Array.from({ length: perFile }, () => `d${index}`).join('/')}/n`;
    expect(await apply(bytes(Array.from({ length: files }, (_, index) => empty(path(index))).join('')))).toBe('too-many-files');
  });
  it('bytes and levels of a path', async () => {
    const long = (length: number): string => `${`${'d'.repeat(99)}/`.repeat(50)}`.slice(0, length - 1) + 'n';
    expect([await apply(bytes(empty(long(MAX_PATH_BYTES)))), await apply(bytes(empty(long(MAX_PATH_BYTES + 1))))]).toEqual(['a tree', 'path-too-long']);
    expect([await apply(bytes(empty('n'.repeat(MAX_NAME_BYTES)))), await apply(bytes(empty('n'.repeat(MAX_NAME_BYTES + 1))))]).toEqual(['a tree', 'path-too-long']);
    expect([await apply(bytes(empty(`${'d/'.repeat(MAX_PATH_DEPTH - 1)}n`))), await apply(bytes(empty(`${'d/'.repeat(MAX_PATH_DEPTH)}n`)))]).toEqual(['a tree', 'path-too-deep']);
  });
  it('bytes of a binary file', async () => {
    const literal = (size: number): string => `diff --git a/n b/n\nnew file mode 100644\nindex ${'0'.repeat(40)}..${'1'.repeat(40)}\nGIT binary patch\nliteral ${size}\nHcmV?d00001\n\nliteral 0\nHcmV?d00001\n\n`;
    expect([await apply(bytes(literal(MAX_FILE_BYTES))), await apply(bytes(literal(MAX_FILE_BYTES + 1)))]).toEqual(['binary-malformed', 'file-too-large']);
  });
  it('edit blocks, and pairs in one block', () => {
    const pair = '<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE\n';
    const block = (pairs: number): string => `\`\`\`search/replace path=a.txt\n${pair.repeat(pairs)}\`\`\`\n`;
    // More pairs than a call takes as arguments.
    expect(parseEditBlocks(block(3 * MAX_EDITS))).toMatchObject({ code: 'too-many-hunks' });
    expect(parseEditBlocks(block(1).repeat(MAX_EDITS + 1))).toMatchObject({ code: 'too-many-hunks' });
  });
});
