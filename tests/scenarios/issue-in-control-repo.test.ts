import { expect, test } from 'vitest';
import { smallIssue } from './support/issues.ts';
import { inWorld } from './support/world.ts';

test("an issue of the control repo is its own tracking issue: the label starts it, and the author's text stays as it is", async () => {
  await inWorld({ targets: ['local/api'] }, async (world) => {
    const [heading = '', ...rest] = smallIssue().split('\n');
    const text = rest.join('\n').trim();
    const { number } = (await world.post('/repos/local/control/issues', { title: heading.slice(2), body: text }, 'reporter')) as { number: number };
    await world.send('PATCH', `/repos/local/control/issues/${number}`, { body: { labels: ['question'] } });
    await world.github.runner.idle();
    expect(world.state.runs.filter(({ jobs }) => jobs.some(({ conclusion }) => conclusion !== 'skipped'))).toEqual([]);

    await world.send('PATCH', `/repos/local/control/issues/${number}`, { body: { labels: ['question', 'countersign'] } });
    const waiting = await world.settled();
    expect(waiting.status, await world.logs()).toBe('WAITING_USER_APPROVAL');
    expect(waiting.trackingIssue).toEqual({ repo: 'local/control', number });
    expect(waiting.source).toMatchObject({ repo: 'local/control', number, author: 'reporter' });
    expect(world.state.issues.filter(({ repo, pull }) => repo === 'local/control' && pull === null)).toHaveLength(1);
    const issue = await world.trackingIssue();
    expect(issue.body.startsWith(`${text}\n\n<!-- countersign:begin ${waiting.id} -->\n`)).toBe(true);
    expect(issue.body).toContain('**WAITING_USER_APPROVAL**');
    await world.assertNothingWritten();

    await world.approve('ps-1');
    await world.assertEnded('DONE', /holds the approved tree/);
    expect(issue.body.split('<!-- countersign:begin')[0]?.trimEnd()).toBe(text);
    expect(issue.state, "closing the author's issue is the author's choice").toBe('open');
    await world.assertInvariants();
  });
});
