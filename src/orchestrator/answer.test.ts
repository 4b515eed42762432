import { describe, expect, test } from 'vitest';
import { parseCommand } from './answer.ts';

describe('commands', () => {
  test.each([
    ['/answer yes', { kind: 'answer', answers: [{ id: '', answer: 'yes' }] }],
    ['/answer 3.5 seconds', { kind: 'answer', answers: [{ id: '', answer: '3.5 seconds' }] }],
    ['/answer 2. Yes.', { kind: 'answer', answers: [{ id: '2', answer: 'Yes.' }] }],
    ['/retry', { kind: 'retry' }],
    ['  /retry please', { kind: 'retry' }],
    ['/cancel no longer needed', { kind: 'cancel', reason: 'no longer needed' }],
    ['/cancel', { kind: 'cancel', reason: '' }],
    ['/answer 1: yes', { kind: 'answer', answers: [{ id: '1', answer: 'yes' }] }],
    ['/answer q2: two\r\nlines\r\n/answer 3: three', { kind: 'answer', answers: [{ id: '2', answer: 'two\nlines' }, { id: '3', answer: 'three' }] }],
  ])('%j', (body, command) => expect(parseCommand(body)).toEqual(command));
  test.each(['', 'Hello /retry', '/retrying', '/answer', '> /cancel', '`/retry`', '/approve'])('%j is none', (body) => expect(parseCommand(body)).toBeNull());
  test('what an answer says about other commands is only text', () => expect(parseCommand('/answer 1: see\n/cancel')).toEqual({ kind: 'answer', answers: [{ id: '1', answer: 'see\n/cancel' }] }));
  test.each(['```\n/answer 2: pasted\n```', '~~~~ text\n```\n/answer 2: pasted\n~~~~', '````\n/answer 2: pasted, and never closed', '  ```log\n/answer 2: pasted\n  ```'])('what is pasted in a fence answers no other question: %j', (pasted) => {
    expect(parseCommand(`/answer 1: see\n${pasted}`)).toEqual({ kind: 'answer', answers: [{ id: '1', answer: `see\n${pasted}` }] });
    const closed = pasted.includes('never') ? '\n````' : '';
    expect(parseCommand(`/answer 1: see\n${pasted}${closed}\n/answer 2: mine`)).toMatchObject({ answers: [{ id: '1' }, { id: '2', answer: 'mine' }] });
  });
  test('a long reason is cut', () => expect(parseCommand(`/cancel ${'x'.repeat(5_000)}`)).toEqual({ kind: 'cancel', reason: 'x'.repeat(1_000) }));
});
