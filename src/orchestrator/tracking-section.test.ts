import fc from 'fast-check';
import { expect, test } from 'vitest';
import { withoutSection, withSection, workflowNamedIn } from './tracking-section.ts';

const ID = 'wf-20261122-k3v9q2';

test('the section comes and goes, and the author keeps every character but the last blank ones', () => {
  fc.assert(fc.property(fc.string().filter((text) => !text.includes('countersign')), fc.string().filter((text) => !text.includes('countersign')), (body, section) => {
    const own = body.replaceAll('\r\n', '\n').trimEnd();
    const marked = withSection(body, ID, section);
    expect(withoutSection(marked)).toBe(own);
    expect(withoutSection(withSection(marked, ID, 'another'))).toBe(own);
    expect(workflowNamedIn(marked)).toBe(ID);
  }));
});
test('a body without a section names no workflow', () => {
  expect(workflowNamedIn('Nothing here.')).toBeNull();
  expect(workflowNamedIn('<!-- countersign:begin wf-x -->')).toBeNull();
});
test('a begin without its end is the author’s own text', () => expect(withoutSection(`a <!-- countersign:begin ${ID} --> b`)).toBe(`a <!-- countersign:begin ${ID} --> b`));
