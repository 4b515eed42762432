import type { PatchErrorCode } from '../../../change-set/failure.ts';
import type { RuleId } from '../../../domain/policy-rules.ts';
import type { SyntheticCommit, SyntheticFile } from './synthetic-history.ts';

/** What an attack is met with: it is refused with a code, or a rule blocks it or warns of it. */
export type Answer = { readonly code: PatchErrorCode } | { readonly rule: RuleId; readonly severity: 'BLOCK' | 'WARN' };

/** One attack: its name, its patch (a byte string), what it is met with, and what a guard by file names would have to see; null where no name gives it away. */
export type Row = readonly [name: string, patch: string, answer: PatchErrorCode | Answer, atStake?: string | null];

/** Attacks by the row of the threat list that they belong to. */
export type Rows = Readonly<Record<string, readonly Row[]>>;

const LINES = Array.from({ length: 30 }, (_, index) => `line ${index + 1}\n`).join('');
const plain = (content: string) => ({ kind: 'plain', content }) as const;

/** The base that every attack is made for. */
export const ATTACKED: SyntheticCommit = new Map<string, SyntheticFile>([
  ['a.txt', plain(LINES)],
  ['run.sh', { kind: 'executable', content: '#!/bin/sh\n' }],
  ['tool.sh', plain('#!/bin/sh\n')],
  ['bin.dat', plain('\0\x01\x02')],
  ['latin1.txt', plain('caf\xe9\n')],
  ['link', { kind: 'symlink', content: 'a.txt' }],
  ['package.json', plain('{\n  "name": "x"\n}\n')],
  ['.github/workflows/ci.yml', plain('on: push\n')],
  ['README.md', plain('# x\n')],
  ['caf\xc3\xa9.txt', plain('x\n')],
]);

export const HUNK = '@@ -1,3 +1,3 @@\n-line 1\n+line one\n line 2\n line 3\n';
export const modify = (path = 'a.txt', hunk = HUNK): string => `diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n${hunk}`;
export const modifyAt = (header: string, body: string): string => modify('a.txt', `${header}\n${body}`);

/** A new file of these lines. */
export function add(path: string, content = 'x', mode = '100644'): string {
  const lines = content.split('\n');
  return `diff --git a/${path} b/${path}\nnew file mode ${mode}\n--- /dev/null\n+++ b/${path}\n@@ -0,0 +1${lines.length === 1 ? '' : `,${lines.length}`} @@\n${lines.map((line) => `+${line}\n`).join('')}`;
}

export const empty = (path: string, mode = '100644'): string => `diff --git a/${path} b/${path}\nnew file mode ${mode}\nindex 0000000..e69de29\n`;
/** As `empty`, for a name that is written in quotes. */
export const emptyQuoted = (path: string): string => `diff --git "a/${path}" "b/${path}"\nnew file mode 100644\nindex 0000000..e69de29\n`;
export const move = (op: 'rename' | 'copy', from: string, to: string): string => `diff --git a/${from} b/${to}\nsimilarity index 100%\n${op} from ${from}\n${op} to ${to}\n`;

export const blockedBy = (rule: RuleId): Answer => ({ rule, severity: 'BLOCK' });
export const warnedOf = (rule: RuleId): Answer => ({ rule, severity: 'WARN' });
