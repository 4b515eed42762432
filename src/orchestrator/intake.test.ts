import { expect, test } from 'vitest';
import { firstQuestion, pinIntake, repositoriesNamedIn } from './intake.ts';
import { defaultConfig } from '../schema/config.ts';
import type { Ports } from './ports.ts';

test('repositories come from the list under their heading and from the blocks that name one', () => {
  const body = ['# Title', '- octo/ignored', '## Repositories', '- octo/api', '* `octo/web`', '- not a name', '- ../etc', '## Other', '- octo/late', '```delete repo=octo/docs path=a', '```'].join('\n');
  expect(repositoriesNamedIn(body)).toEqual(['octo/api', 'octo/web', 'octo/docs']);
});
test('an issue form names them in prose, another writer by addresses or under an underlined heading; what is quoted or fenced names none', () => {
  expect(repositoriesNamedIn('### Repositories\n\nocto/api, octo/web\n\n### Other\n\nocto/late')).toEqual(['octo/api', 'octo/web']);
  expect(repositoriesNamedIn('Repositories\n---\n\n- [octo/api](https://github.com/octo/api)\n- https://github.com/octo/web\n- octo/lib (the client/server part)\n')).toEqual(['octo/api', 'octo/web', 'octo/lib']);
  expect(repositoriesNamedIn('````md\n## Repositories\n\n- octo/example\n````\n\n> ## Repositories\n> - octo/quoted\n\nIt is slow and/or wrong.')).toEqual([]);
});
test('none named: none', () => expect(repositoriesNamedIn('Plain text about octo/api.')).toEqual([]));

const config = { ...defaultConfig(), targets: [{ repo: 'octo/api', base: null, verification: null, checks: [] }] } as unknown as Ports['job']['config'];

test.each([
  ['https://github.example/octo/api/pull/3', 'is-a-pull-request', /is a pull request.*give its URL/],
  ['https://github.example/octo/api/pull/3/files#diff-1', 'is-a-pull-request', /octo\/api#3/],
  ['https://github.example/octo/api/discussions/3', 'is-a-discussion', /Create issue from discussion/],
  ['https://elsewhere.example/octo/api/issues/3', 'other-server', /is on https:\/\/elsewhere\.example/],
  ['#3', 'bad-issue-url', /looks like https:\/\/github\.example\/OWNER\/NAME\/issues\/1/],
  ['https://github.example/octo/api/issues/0', 'bad-issue-url', /not the URL/],
  ['https://github.example/octo/api/issues/9999999999', 'no-issue', /no number is that large/],
  ['http://github.example/octo/api/issues/3', 'other-server', /is on http:.*looks like https:/],
  ['https://github.example/octo/../issues/1', 'bad-issue-url', /not the URL/],
])('%s is refused before anything is read', (issue, code, message) => {
  expect(() => firstQuestion({ config, serverUrl: 'https://github.example' }, { issue })).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }));
});

test.each([
  'https://github.example/octo/api/issues/3/', 'https://GitHub.Example/octo/api/issues/3', ' https://github.example/octo/api/issues/3?notification_referrer_id=x#issuecomment-12 ',
])('%s is taken for the issue that it shows', (issue) => {
  expect(firstQuestion({ config, serverUrl: 'https://github.example' }, { issue })?.issue).toEqual({ repo: 'octo/api', number: 3 });
});

test('a closed issue is not worked on', async () => {
  const issue = { repo: 'octo/api', number: 3, url: 'https://github.example/octo/api/issues/3', title: 'T', body: 'B', author: 'octocat', state: 'closed' as const };
  const targets = { readIssue: async () => issue, readIntake: async () => ({ issue, heads: [] }) } as unknown as Ports['targets'];
  const job = { config, serverUrl: 'https://github.example' } as unknown as Ports['job'];
  await expect(pinIntake({ job, targets }, { workflow: null, issue: issue.url, repositories: '' })).rejects.toMatchObject({ code: 'issue-closed', message: expect.stringContaining('Reopen it') });
});
