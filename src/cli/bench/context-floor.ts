import { decodeText } from '../../context/analyse/analyse-blob.ts';
import { loadGrammarFromPackages } from '../../context/grammars.ts';
import { LANGUAGE_GRAMMARS, lensOf } from '../../context/lens.ts';
import { createGrammarParser } from '../../context/parse/parser.ts';
import { readTreeListing } from '../../context/read-tree.ts';
import { openScratchStore } from '../../git/scratch-store.ts';

// A process of its own: parses every source text of a commit whole, in one thread, and prints the seconds that parsing alone took.
const [gitDir = '', commit = ''] = process.argv.slice(2);
const objects = await openScratchStore({ gitDir });
const parser = createGrammarParser(loadGrammarFromPackages);
let milliseconds = 0;
for (const { path, blob } of (await readTreeListing(objects, (await objects.readCommit(commit)).tree)).files) {
  const grammar = LANGUAGE_GRAMMARS.find((each) => each === lensOf(path));
  const text = grammar === undefined ? null : decodeText(await objects.readBlob(blob));
  if (grammar === undefined || text === null) continue;
  const start = performance.now();
  await parser.parse(grammar, text);
  milliseconds += performance.now() - start;
}
process.stdout.write(`${milliseconds / 1_000}\n`);
parser.close();
await objects.close();
