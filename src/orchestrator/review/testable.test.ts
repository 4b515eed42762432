import { describe, expect, test } from 'vitest';
import type { Scope } from '../../domain/documents.ts';
import { untestable } from './testable.ts';

const faults = (sentence: string, over: Partial<Scope['acceptanceCriteria'][number]> = {}): readonly string[] =>
  untestable({ acceptanceCriteria: [{ id: 'AC1', sentence, given: 'a queue', when: 'it is asked', then: 'it returns 3', verification: 'test/a.ts', ...over }] } as unknown as Scope);

describe('a criterion that a test can decide, in whatever good form, is taken', () => {
  test.each([
    'When `onSizeLessThan` is called with `0`, the system shall reject with a `TypeError`.',
    'While the queue holds fewer tasks than the limit, the system shall resolve at once.',
    'Given `AllowContentType("text/xml")`, when a request with `text/plain` arrives, then the response has status 415.',
    'Given a closed door, when it is opened twice, then the second call has no effect.',
    'returns 404 when the user does not exist',
    'Returns an empty list when there is no match',
    '1. `except SignatureExpired` also catches `SignatureNotYetValid`.',
    'AC-2: The command exits with code 2.',
    '- [ ] The table lists every error once.',
    '**When** the file is missing, the command **shall** exit with code 2.',
    'Wenn `unsign` eine Signatur aus der Zukunft erhält, dann löst es `SignatureNotYetValid` aus.',
    'Eine abgelaufene Signatur muss weiterhin genau `SignatureExpired` auslösen.',
    'Der Befehl endet mit dem Code 2, wenn die Datei fehlt.',
    'Lorsque la file est vide, la promesse est résolue immédiatement.',
    'Cuando la cola está vacía, devuelve una promesa resuelta.',
    '当队列为空时，返回的 Promise 立即完成。',
    'No other error message may change.',
    'Every answer shall carry the header `Retry-After`.',
    'No request shall be sent twice.',
    '`SetHeader` is still importable from `chi/middleware`',
    'When the caller lacks sufficient permissions, the server shall answer 403.',
    'When a todo is deleted, the list shall no longer show it.',
    'When `/etc/passwd` is asked for, the server shall answer 404.',
    'When a branch can be fast-forwarded, the command shall move it without a merge commit.',
    'When a query takes longer than 2 s, the log shall name it as a slow query.',
    'When SIGTERM arrives, the server shall shut down gracefully and exit with code 0.',
    'When asked, the client shall answer within 50 ms, faster than before.',
    'When the actual value differs from the expected value, the assertion shall print the expected value and the actual value.',
    'When two versions match, the resolver shall return the minimal matching version.',
    'When braces are properly nested, the parser shall return one node for each pair.',
    'When it does not work as expected by RFC 9110, section 3, the proxy shall answer 502.',
    'The button labelled "Works well" shall be disabled.',
    'When the `robust` flag is set, the reader shall skip lines that do not parse.',
    'Add returns the sum when both are integers.',
    'When parsing fails, the error shall be the right operand\'s.',
    'The README documents the new flag with an example.',
    'The CLI shall fail fast: after the first error no further file is read.',
    'Clients see no difference in behaviour except for the new header.',
    'Handles `SIGTERM` by finishing the current job and exiting with 0.',
    'The importer shall handle files with a byte order mark by dropping it.',
    'Если файл отсутствует, команда завершается с кодом 2.',
    'The secure flag of the cookie is set when the request came over TLS.',
  ])('%j', (sentence) => expect(faults(sentence)).toEqual([]));
});

describe('what no test can tell is said, with the words', () => {
  test.each([
    ['It works well.', 'works well'],
    ['The feature works.', null],
    ['The queue is fast.', 'is fast|fast'],
    ['The system handles errors properly.', 'properly'],
    ['When an error happens, the system shall handle it correctly.', 'handle it correctly'],
    ['When `null` is given, the system shall handle `null` properly.', 'properly'],
    ['When asked, the client shall answer quickly.', 'quickly'],
    ['When asked, the client shall retry as needed.', 'as needed'],
    ['When asked, the client shall behave as expected.', 'as expected'],
    ['The code is clean and maintainable.', 'is clean'],
    ['When parsing fails, the system shall show a helpful error message.', 'helpful error message'],
    ['When parsing fails, an appropriate error shall be raised.', 'appropriate error'],
    ['The user interface shall be intuitive.', 'be intuitive'],
    ['The performance shall be improved.', 'be improved'],
    ['When it runs, the result shall be correct.', 'be correct'],
    ['The system shall be robust and reliable.', 'be robust'],
    ['Large files are processed efficiently.', 'efficiently'],
    ['The server shuts down gracefully.', 'gracefully'],
    ['Supports JSON, YAML, etc. in the same way.', 'etc.'],
    ['When a limit is reached, the system shall wait TBD seconds.', 'TBD'],
    ['The application should be user friendly.', 'user friendly'],
    ['All edge cases are handled.', 'edge cases are handled'],
    ['The system shall handle errors.', 'handle errors'],
    ['The bug is fixed.', 'bug is fixed'],
    ['The system shall respond in a timely manner.', 'in a timely manner'],
    ['The parser shall be robust against bad input.', 'robust'],
    ['The solution should scale.', 'scale'],
    ['Fehler werden korrekt behandelt.', 'korrekt behandelt'],
    ['Die Suche funktioniert gut.', 'funktioniert gut'],
    ['Das System ist schnell.', 'ist schnell|schnell'],
    ['Fehler werden ordnungsgemäß gemeldet.', 'ordnungsgemäß'],
    ['Given a file, when it is read, then it is handled gracefully.', 'handled gracefully|gracefully'],
  ])('%j', (sentence, words) => {
    const found = faults(sentence);
    if (words === null) return expect(found).toHaveLength(1);
    expect(found.join('\n')).toMatch(new RegExp(`^Criterion AC1 says "[^"]*(?:${words})[^"]*", which no test can tell: say what is to be seen`));
  });

  test.each(['Make it better', 'Improve error handling', 'Better error messages', 'Refactor the parser to be cleaner', 'Add tests for the new code', 'Fast', 'Works', 'Is the limit checked?', 'Robust error handling', 'Implementiere die Prüfung der Eingaben'])('%j is no testable sentence', (sentence) => {
    expect(faults(sentence).join('\n')).toMatch(/^Criterion AC1 (?:is no testable sentence: it (?:is a task|is a question|says)|says ")/);
  });

  test('a then that says nothing is no better than such a sentence', () => {
    expect(faults('When asked, the queue shall return 3.', { then: 'it works as expected' })).toEqual([expect.stringContaining('"as expected"')]);
    expect(faults('When asked, the queue shall return 3.', { then: ' ' })).toEqual([expect.stringContaining('leaves its when or its then empty')]);
    expect(faults('When asked, the queue shall return 3.', { when: '' })).toHaveLength(1);
  });

  test('the same criterion under two ids', () => {
    const one = { id: 'AC1', sentence: 'When asked, the queue shall return 3.', given: '', when: 'asked', then: '3', verification: 't' };
    expect(untestable({ acceptanceCriteria: [one, { ...one, id: 'AC2', sentence: '2. When asked, the queue shall return `3`.' }] } as unknown as Scope)).toEqual(['Criterion AC2 says the same as AC1: leave one of them out.']);
  });
});
