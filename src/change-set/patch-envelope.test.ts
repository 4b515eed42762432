import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScratchStore } from '../ports/objects.ts';
import { openScratchStore } from '../git/scratch-store.ts';
import { TestRepository } from '../git/test-repository.ts';
import { applyDiff } from './apply-diff.ts';

const repository = new TestRepository();
let base: { commit: string; tree: string };
let store: ScratchStore;
beforeAll(async () => {
  base = repository.commit({ 'a.txt': 'one\ntwo\nthree\n', 'old name.txt': 'x\n'.repeat(20), 'bin.dat': Uint8Array.from([0, 1, 2, 255]), 'gone.txt': '- \n' });
  store = await openScratchStore({ gitDir: repository.directory });
});
afterAll(async () => {
  await store.close();
  repository.remove();
});

const apply = (patch: string | Buffer) => applyDiff(Buffer.from(patch as string), base.tree, store);

/** A commit on the base with this message, as a mail. */
function mail(message: string, ...flags: string[]): { readonly text: Buffer; readonly tree: string } {
  repository.git(['reset', '--quiet', '--hard', base.commit]);
  const { tree } = repository.commit({ 'a.txt': 'one\n2\nthree\n', 'old name.txt': null, 'new name.txt': 'x\n'.repeat(20), 'bin.dat': Uint8Array.from([0, 9]), 'empty.txt': '', 'run.sh': { kind: 'executable', content: 'x' }, 'gone.txt': null });
  repository.git(['commit', '--quiet', '--amend', '--cleanup=verbatim', '--file=-'], { input: Buffer.from(message, 'latin1') });
  return { text: repository.git(['format-patch', '-1', '--stdout', ...flags]), tree };
}

const DECOY = 'diff --git a/decoy b/decoy\nnew file mode 100644\nindex 0000000..e69de29\n';

describe('what git prints around a diff', () => {
  const messages: Record<string, string> = {
    'a subject': 'x\n',
    'no message that ends': 'x',
    'umlauts and a long subject, folded': `${'S\xc3\xbcbject '.repeat(30)}\n\nbody \xe2\x82\xac\n`,
    'bytes that are not UTF-8': 'x\n\ncaf\xe9\n',
    'a line of dashes and a diffstat': 'x\n\n---\n a.txt | 2 +-\n 1 file changed, 1 insertion(+), 1 deletion(-)\n\nmore\n',
    'a diff': `x\n\n${DECOY}`,
    'a diff below a diffstat': `x\n\n---\n decoy | 0\n 1 file changed, 0 insertions(+), 0 deletions(-)\n create mode 100644 decoy\n\n${DECOY}`,
    'a signature': 'x\n\n-- \n2.39.5\n\nmore\n',
    'the line that begins a mail': `x\n\nFrom ${'1'.repeat(40)} Mon Sep 17 00:00:00 2001\nmore\n`,
  };
  for (const [name, message] of Object.entries(messages)) {
    it(`a mail whose message has ${name}`, async () => {
      for (const flags of [[], ['--no-signature'], ['--no-signature', `--base=${base.commit}`], ['-M', '--full-index'], ['--no-renames', '--no-binary'].slice(0, 1), [`--base=${base.commit}`], ['--stat=40'], ['--pretty=mboxrd'], ['-C', '--find-copies-harder']]) {
        const { text, tree } = mail(message, ...flags);
        expect(await apply(text), flags.join(' ')).toMatchObject({ kind: 'applied', tree });
      }
    });
  }
  it('a mail that ends in a binary patch, with and without a signature', async () => {
    repository.git(['reset', '--quiet', '--hard', base.commit]);
    const { tree } = repository.commit({ 'bin.dat': Uint8Array.from([0, 7]) });
    for (const flag of ['--no-signature', '--signature=2.53.0.rc1.12.gabcdef0', '--signature=2.39.5 (Apple Git-154)', `--base=${base.commit}`]) expect(await apply(repository.git(['format-patch', '-1', '--stdout', flag])), flag).toMatchObject({ kind: 'applied', tree });
  });
  it('the commit id that diff-tree prints above the diff of one commit', async () => {
    const { tree } = mail('x\n');
    expect(await apply(repository.git(['diff-tree', '-p', '--binary', '--full-index', '-M', 'HEAD']))).toMatchObject({ kind: 'applied', tree });
  });
  it('gives line numbers of the whole text', async () => {
    const text = String(mail('x\n').text);
    const line = text.split('\n').findIndex((each) => each.startsWith('@@ ')) + 1;
    expect(await apply(text.replace(/^@@.*$/mu, '@@ nonsense'))).toMatchObject({ code: 'bad-hunk-header', message: expect.stringContaining(`Line ${line} `) });
  });
});

describe('what git does not print around a diff is refused by name', () => {
  const good = (): string => String(mail('x\n').text);
  const cases: readonly [string, (text: string) => string, string][] = [
    ['prose above a mail', (text) => `Hello\n${text}`, 'stray-text'],
    ['another commit id line', (text) => `${'a'.repeat(39)}g\n${text.slice(text.indexOf('diff --git'))}`, 'stray-text'],
    ['two commit id lines', (text) => `${'a'.repeat(40)}\n`.repeat(2) + text.slice(text.indexOf('diff --git')), 'stray-text'],
    ['two mails', (text) => text + text, 'several-commits'],
    ['two mails, the first with a broken diffstat', (text) => text.replace(/\n---\n/u, '\n---\n\n') + text, 'several-commits'],
    ['two mails, the first without its diff --git lines', (text) => text.replace(/^diff --git .*\n/gmu, '') + text, 'several-commits'],
    ['a mail without a subject', (text) => text.replace(/^Subject: .*\n/mu, ''), 'bad-mail'],
    ['a mail without its headers', (text) => text.replace(/\nFrom: /u, '\nnonsense '), 'bad-mail'],
    ['an encoded mail', (text) => text.replace('\nSubject', '\nContent-Transfer-Encoding: quoted-printable\nSubject'), 'bad-mail'],
    ['a diffstat that counts other files', (text) => text.replace(/^ \d+ files changed/mu, ' 9 files changed'), 'bad-mail'],
    ['a mail without a diffstat', (text) => text.replace(/^---\n[^]*?\n\n/mu, '\n'), 'bad-mail'],
    ['a mail without a diff', (text) => text.slice(0, text.indexOf('diff --git')), 'bad-mail'],
    ['another signature', (text) => text.replace(/\n-- \n\d.*\n/u, '\n-- \nRegards\n'), 'hunk-counts'],
    ['prose below the signature', (text) => `${text}P.S.\n`, 'hunk-counts'],
    ['a signature below a bare diff', (text) => text.slice(text.indexOf('diff --git')), 'hunk-counts'],
    ['an empty line below a bare diff', (text) => text.slice(text.indexOf('diff --git'), text.lastIndexOf('-- \n')) + '\n', 'stray-text'],
    ['a hunk in the message that no file stands above', (text) => text.replace('\n---\n', '\n@@ -1 +1 @@\n---\n'), 'bad-mail'],
    ['attachments', () => String(mail('x\n', '--attach').text), 'bad-mail'],
  ];
  for (const [name, spoil, code] of cases) {
    it(`${name}: ${code}`, async () => {
      expect(await apply(spoil(good()))).toMatchObject({ kind: 'failed', code });
    });
  }
});
