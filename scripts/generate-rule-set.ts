import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { ruleSetFile, ruleSetOf } from './rule-set/rule-set-of.ts';

// Writes src/policy/rule-set.ts anew: what the rules are made of, as one hash. A test fails while it differs.
const root = join(import.meta.dirname, '..');
const file = join(root, 'src/policy/rule-set.ts');
const text = ruleSetFile(await ruleSetOf(root));
if ((await readFile(file, 'utf8').catch(() => '')) !== text) await writeFile(file, text);
