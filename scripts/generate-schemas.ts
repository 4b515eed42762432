import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { generateSchemaFiles } from '../src/schema/json-schemas.ts';

// Writes ledger-schema/ anew from the schemas in src/schema/. A test fails while the two differ.
const folder = join(import.meta.dirname, '..', 'ledger-schema');
for (const [path, text] of generateSchemaFiles()) {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), text);
}
