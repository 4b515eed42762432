import { enableCompileCache } from 'node:module';
import { workerData } from 'node:worker_threads';

import { makeCacheFolder } from '../cache-folder.ts';
import type { RecordThreadData } from './record-messages.ts';

// A thread that checks records begins here. What it loads was compiled for the first thread, which keeps it: see main.ts.

const { isCompileCached } = workerData as RecordThreadData;
const compiled = isCompileCached ? makeCacheFolder('compile') : null;
if (compiled !== null) enableCompileCache(compiled);
await import('./check-records.ts');
