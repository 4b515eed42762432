import { expect, test } from 'vitest';
import { repositoriesNamedIn } from './intake.ts';

test('repositories come from the list under their heading and from the blocks that name one', () => {
  const body = ['# Title', '- octo/ignored', '## Repositories', '- octo/api', '* `octo/web`', '- not a name', '- ../etc', '## Other', '- octo/late', '```edit repo=octo/docs path=a', '```'].join('\n');
  expect(repositoriesNamedIn(body)).toEqual(['octo/api', 'octo/web', 'octo/docs']);
});
test('none named: none', () => expect(repositoriesNamedIn('Plain text about octo/api.')).toEqual([]));
