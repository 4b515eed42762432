import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { generateSchemaFiles } from '../src/schema/json-schemas.ts';
import { generateValidators } from './schema-validators.ts';

// Writes ledger-schema/ and ajv's validators anew from the schemas in src/schema/. A test fails while they differ.
const root = join(import.meta.dirname, '..');
for (const [path, text] of generateSchemaFiles()) await write(join(root, 'ledger-schema', path), text);
for (const [name, text] of await generateValidators()) await write(join(root, 'src/schema/generated', name), text);

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}
