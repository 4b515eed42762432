import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DeepEntry, ObjectReader } from '../ports/objects.ts';
import { LIMITS } from './limits.ts';
import { fakeObjects } from './memory-objects.fixture.ts';
import { readTreeListing } from './read-tree.ts';

/** The same objects, listed in one go as git does: folders before what they hold. */
function listed(objects: ObjectReader): ObjectReader {
  const below = async (tree: string, prefix: string): Promise<DeepEntry[]> => {
    const entries: DeepEntry[] = [];
    for (const { mode, name, oid } of await objects.readTree(tree)) {
      const bytes = mode === '040000' || mode === '160000' ? null : ((await objects.readSizes([oid])).get(oid) ?? null);
      entries.push({ mode, oid, path: prefix + name, bytes }, ...(mode === '040000' ? await below(oid, `${prefix}${name}/`) : []));
    }
    return entries;
  };
  return { ...objects, listTree: (tree) => below(tree, '') };
}

const name = fc.constantFrom('a', 'b.ts', 'é', 'src', '..', 'x'.repeat(300), 'y\tz');
const path = fc.array(name, { minLength: 1, maxLength: 20 }).map((names) => names.join('/'));
const files = fc.dictionary(path, fc.oneof(fc.string(), fc.record({ link: fc.string() }), fc.constant({ submodule: '1'.repeat(40) })), { maxKeys: 12 });

test('a listing in one go says what the trees say one by one', async () => {
  await fc.assert(
    fc.asyncProperty(files, async (entries) => {
      const objects = fakeObjects(entries);
      const [whole, byLevels] = [await readTreeListing(listed(objects), objects.tree), await readTreeListing(objects, objects.tree)];
      expect({ ...whole, files: whole.files.map(({ bytes: _bytes, ...file }) => file) }).toEqual(byLevels);
    }),
  );
});

test('past a limit the trees are read one by one, and say so as ever', async () => {
  const deep = fakeObjects({ [`${'d/'.repeat(LIMITS.treeDepth + 2)}file`]: 'x', 'top.ts': 'y' });
  const listing = await readTreeListing(listed(deep), deep.tree);
  expect(listing).toEqual(await readTreeListing(deep, deep.tree));
  expect(listing.problems).toMatchObject([{ code: 'too-deep' }]);
});
