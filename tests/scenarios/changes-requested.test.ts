import { expect, test } from 'vitest';
import { inPrepared } from './support/prepared.ts';

const WISH = `changes: say "seconds", not "s"

\`\`\`search/replace path=src/notice.js repo=local/web
<<<<<<< SEARCH
    return \`The weather service is busy. Please try again in \${Math.ceil(error.retryAfterMs / 1000)} s.\`;
=======
    return \`The weather service is busy. Please try again in \${Math.ceil(error.retryAfterMs / 1000)} seconds.\`;
>>>>>>> REPLACE
\`\`\`

\`\`\`search/replace path=test/notice.test.js repo=local/web
<<<<<<< SEARCH
  assert.match(notice({ status: 429, retryAfterMs: 7000 }), /in 7 s\\./);
=======
  assert.match(notice({ status: 429, retryAfterMs: 7000 }), /in 7 seconds\\./);
>>>>>>> REPLACE
\`\`\`
`;

test('changes requested: a new revision with a new digest, and the other approval is kept', async () => {
  await inPrepared('half', async (world) => {
    const before = await world.workflow();
    const kept = before.patchSets[0]?.approval;
    const old = before.patchSets[1];
    const revised = await world.reject('ps-2', WISH);
    expect(revised.status, await world.logs()).toBe('WAITING_USER_APPROVAL');
    expect(revised.patchSets[1]?.revision).toBe(2);
    expect(revised.patchSets[1]?.digest).not.toBe(old?.digest);
    expect(revised.patchSets[0]?.approval).toEqual(kept);
    await world.assertNothingWritten();
    const done = await world.approve('ps-2');
    expect(done.status, await world.logs()).toBe('DONE');
    const branch = `countersign/${done.id}/ps-2-r2`;
    expect(await world.git('local/web', 'show', `${branch}:src/notice.js`)).toContain('seconds.');
    await world.assertInvariants();
  });
});
