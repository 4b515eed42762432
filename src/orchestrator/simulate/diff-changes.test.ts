import { expect, it } from 'vitest';
import { TestRepository } from '../../git/test-repository.ts';
import type { Change } from '../../domain/change-set.ts';
import { changesFromDiff } from './diff-changes.ts';

const text = (bytes: Uint8Array | null | undefined): string | null => (bytes ? new TextDecoder().decode(bytes) : null);
const change = (path: string, op: Change['op']): Change => ({ path, op, oldMode: op === 'add' ? null : '100644', newMode: op === 'delete' ? null : '100644', oldBlob: op === 'add' ? null : '1'.repeat(40), newBlob: op === 'delete' ? null : '2'.repeat(40) });

it('shows both sides of what git’s diff shows, at their lines', () => {
  const repository = new TestRepository();
  try {
    const lines = Array.from({ length: 30 }, (_, index) => `line ${index + 1}`);
    const base = repository.commit({ 'a.txt': `${lines.join('\n')}\n`, 'gone.txt': 'x\ny', 'b.bin': Buffer.from([0, 1, 2]) });
    const result = repository.commit({ 'a.txt': `${lines.with(19, 'changed').join('\n')}\n`, 'gone.txt': null, 'new.txt': 'hello\n', 'b.bin': Buffer.from([0, 1, 3]) });
    const [a, gone, fresh, binary] = changesFromDiff([change('a.txt', 'modify'), change('gone.txt', 'delete'), change('new.txt', 'add'), change('b.bin', 'modify')], repository.diff(base.tree, result.tree));
    expect(text(a?.newBytes)?.split('\n')[19]).toBe('changed');
    expect(text(a?.oldBytes)?.split('\n')[19]).toBe('line 20');
    expect(text(a?.newBytes)?.split('\n')[0]).toBe('');
    expect([a?.added, a?.removed]).toEqual([1, 1]);
    expect([text(gone?.oldBytes), gone?.newBytes]).toEqual(['x\ny', null]);
    expect([fresh?.oldBytes, text(fresh?.newBytes)]).toEqual([null, 'hello\n']);
    expect([binary?.added, binary?.newBytes?.includes(0)]).toEqual([null, true]);
  } finally {
    repository.remove();
  }
});
