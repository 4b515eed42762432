import { afterAll, beforeAll, expect, it } from 'vitest';

import { openLedgerRepository } from '../../git/ledger-objects.ts';
import { copyModel, readModel, writeModel } from '../../ledger/testing/history-model.ts';
import { createRepository } from '../../ledger/testing/temporary-repository.ts';
import { verifyLedger, type VerifyReport } from '../../ledger/verify.ts';
import { writeSampleLedger } from '../bench/ledger-sample.ts';
import { startRecordThreads, ThreadedRecords } from './threaded-records.ts';

let repository: ReturnType<typeof createRepository>;
let honest: string;
beforeAll(async () => {
  repository = createRepository();
  honest = await writeSampleLedger({ gitDir: repository.gitDir, workflows: 5 });
});
afterAll(() => repository.remove());

async function verify(tip: string, count: number): Promise<VerifyReport> {
  const directory = `${repository.gitDir}/objects`;
  const objects = await openLedgerRepository(directory);
  const threads = startRecordThreads(objects, count);
  try {
    return await verifyLedger({ objects, history: objects.history(tip), tip, records: (report) => (count === 0 ? null : new ThreadedRecords(objects, report, threads)) });
  } finally {
    await Promise.all([objects.close(), ...threads.map(async (thread) => thread.close())]);
  }
}

it('says the same in threads as in one, of an honest ledger and of a spoilt one', async () => {
  const commits = copyModel(readModel(repository.gitDir));
  for (const [path, file] of commits[3]?.files ?? []) if (file && path.endsWith('-workflow-created.json')) file.bytes = Buffer.from(file.bytes).fill(0x20, 10, 12);
  for (const [path, file] of commits[9]?.files ?? []) if (file && path.includes('/evidence/')) file.bytes = Buffer.concat([file.bytes, Buffer.from('x')]);
  commits.splice(14, 1);
  const spoilt = writeModel(repository.gitDir, commits, 'refs/heads/spoilt');
  for (const tip of [honest, spoilt]) {
    const alone = await verify(tip, 0);
    const inThreads = await verify(tip, 2);
    expect(inThreads.ok).toBe(tip === honest);
    expect({ ...inThreads, problems: inThreads.problems.map((problem) => JSON.stringify(problem)).toSorted() }).toEqual({ ...alone, problems: alone.problems.map((problem) => JSON.stringify(problem)).toSorted() });
  }
});

it('passes on what cannot be read at all, as the same sentence', async () => {
  const commits = copyModel(readModel(repository.gitDir));
  const [path = ''] = commits[1]?.files.keys() ?? [];
  commits[1]?.files.set(path, { mode: '100644', bytes: new Uint8Array(300 * 1024 * 1024) });
  const tip = writeModel(repository.gitDir, commits, 'refs/heads/huge');
  await expect(verify(tip, 1)).rejects.toMatchObject({ kind: 'input', code: 'ledger-too-large', message: expect.stringContaining('314,572,800 bytes') });
});
