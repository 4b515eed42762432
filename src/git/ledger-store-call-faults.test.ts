import { openStore } from '../ledger/testing/fault-cases.ts';
import { GENESIS_BYTES } from '../ledger/testing/genesis.ts';
import { describeStoreFaults } from '../ledger/testing/store-faults.ts';
import { createRepository } from '../ledger/testing/temporary-repository.ts';

describeStoreFaults('local git', async () => {
  const { gitDir, remove } = createRepository();
  await openStore(gitDir).createGenesis(GENESIS_BYTES);
  return { open: () => openStore(gitDir), gitDir, remove };
});
