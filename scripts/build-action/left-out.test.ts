import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { bundleOptions } from '../build-action.ts';
import { LEFT_OUT } from './left-out.ts';

const { metafile, outputFiles } = await build({ ...bundleOptions('never-written'), write: false, metafile: true });
const BYTES_MAX = 3_000_000;

test('all JavaScript of the bundle stays below 3 MB', () => {
  const bytes = Object.entries(metafile.outputs).flatMap(([file, output]) => (file.endsWith('.js') ? [output.bytes] : []));
  expect(bytes.length).toBeGreaterThan(10);
  expect(bytes.reduce((sum, each) => sum + each, 0)).toBeLessThan(BYTES_MAX);
});

test('no file is left to be looked for when a step runs', () => {
  // What a library hides from the bundler is not found in action/dist.
  const looksFor = outputFiles.flatMap(({ text }) => [...text.matchAll(/\(["'](\.{1,2}\/[\w./-]+)["']/g)].map(([, path = '']) => path)).filter((path) => !path.endsWith('.js'));
  expect(looksFor).toEqual([]);
});

test('each rule still meets an import: a library that changed leaves no dead rule behind', () => {
  const met = LEFT_OUT.map((_, index) => Object.keys(metafile.inputs).some((input) => input.startsWith(`left-out-${index}:`)));
  expect(met).toEqual(LEFT_OUT.map(() => true));
});

test('what is left out is not in the bundle on another way', () => {
  const inputs = Object.keys(metafile.inputs).filter((input) => /^node_modules\/(?:.*\/)?(?:archiver\/|character-entities\/|unzip-stream\/|undici\/|@octokit\/(?:core|plugin-[\w-]+)\/|@ai-sdk\/gateway\/|@ai-sdk\/provider-utils\/dist\/experimental-|zod\/v4\/classic\/from-json-schema\.js$|zod\/v4\/core\/compile\.js$|crc64\.js$|@azure\/storage-blob\/.*(?:BlobSASSignatureValues\.js|BlobQueryResponse\.js|internal-avro\/|operations\/(?:service|container|pageBlob|appendBlob)\.js)|.*test-transport\.js$)/.test(input));
  expect(inputs).toEqual([]);
});

test.for(LEFT_OUT.map(({ standIn, path }) => ({ standIn, path: String(path) })))('what stands in for $path refuses with a sentence', async ({ standIn }) => {
  const module: Record<string, unknown> = await import(`data:text/javascript,${encodeURIComponent(standIn)}`);
  const callable = functionsOf(module);
  expect(callable.length).toBeGreaterThan(0);
  for (const call of callable) expect(call).toThrow(/is left out of the action's bundle/);
});

/** Every function that a stand-in offers, its default export's members and its classes' constructors among them. */
function functionsOf(offered: object): readonly (() => unknown)[] {
  return Object.values(offered).flatMap((value: unknown) => {
    if (typeof value === 'object' && value !== null) return functionsOf(value);
    if (typeof value !== 'function' || Object.hasOwn(value, 'isInstance') || value.prototype instanceof Error) return [];
    return [() => (String(value).startsWith('class') ? useOf(Reflect.construct(value, [])) : Reflect.apply(value, undefined, []))];
  });
}

/** Whatever is asked of an object that may be made and not used. */
const useOf = (made: object): unknown => Reflect.get(made, 'anything');
