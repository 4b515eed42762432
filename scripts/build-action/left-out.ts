import type { Plugin } from 'esbuild';

/** Code of a library that no step can reach, and that the bundle therefore does not carry. */
export interface LeftOut {
  /** The import's text, and the files whose import is meant. */
  readonly path: RegExp;
  readonly importer: RegExp;
  /** The module that stands in its place. A name that an importer takes and that is not here fails the build. */
  readonly standIn: string;
  readonly why: string;
}

/** A function that says what was reached although nothing should have. */
const refuse = (name: string): string => `() => { throw new Error(${JSON.stringify(`${name} is left out of the action's bundle (scripts/build-action/left-out.ts), and yet it was called.`)}); }`;

/** A class whose objects may be made and never used. */
const refuseUse = (name: string): string => `class { constructor() { return new Proxy(this, { get: ${refuse(name)} }); } }`;

/** A class of errors that nobody can throw: asked whether a value is one of them, it says no. */
const NO_SUCH_ERROR = 'class { static isInstance() { return false; } }';

/**
 * What is left out, and why that is safe. A mistake here does not pass silently: a missing name fails the build, a function that is
 * reached after all throws and says so, and the scenarios run the bundle's artifact and model steps.
 */
export const LEFT_OUT: readonly LeftOut[] = [
  {
    path: /^archiver$/,
    importer: /@actions\/artifact\//,
    standIn: `export default { create: ${refuse('archiver')} };`,
    why: '`action/artifact.ts` hands over an archive that it made itself and says `skipArchive`.',
  },
  {
    path: /^unzip-stream$/,
    importer: /@actions\/artifact\//,
    standIn: `export default { Extract: ${refuse('unzip-stream')} };`,
    why: '`action/artifact.ts` downloads with `skipDecompress` and opens the archive in memory.',
  },
  {
    path: /^(?:\.\/utils\.js|@actions\/github\/lib\/utils)$/,
    importer: /@actions\/(?:github\/lib\/github|artifact\/lib\/internal\/\w+\/[\w-]+)\.js$/,
    standIn: `export const defaults = {}; export const GitHub = { plugin: ${refuse('Octokit')} }; export const getOctokitOptions = ${refuse('Octokit')};`,
    why: 'Of `@actions/github` only `context` is used. The artifact client makes an Octokit only when it is told `findBy`, which we never say.',
  },
  {
    path: /^@octokit\/plugin-(?:retry|request-log)$/,
    importer: /@actions\/artifact\//,
    standIn: `export const retry = ${refuse('@octokit/plugin-retry')}; export const requestLog = ${refuse('@octokit/plugin-request-log')};`,
    why: 'They are plugins of that Octokit; nothing else takes them.',
  },
  {
    path: /^undici$/,
    importer: /@actions\/http-client\//,
    standIn: `export class ProxyAgent { constructor() { (${refuse('undici')})(); } }`,
    why: '`HttpClient` sends with `node:https`; it makes a `ProxyAgent` only for the `fetch` of that Octokit.',
  },
  {
    path: /^\.\/crc64\.js$/,
    importer: /@azure\/storage-common\//,
    standIn: `export default ${refuse('CRC64')};`,
    why: 'A checksum that an upload computes only when `contentChecksumAlgorithm` asks for it; the artifact client never does.',
  },
  {
    path: /^\.\/sas\/BlobSASSignatureValues\.js$/,
    importer: /@azure\/storage-blob\//,
    standIn: `export const generateBlobSASQueryParameters = ${refuse('SAS')}; export const generateBlobSASQueryParametersInternal = ${refuse('SAS')};`,
    why: 'Signs addresses with an account key. The artifact client is given signed addresses and has no key.',
  },
  {
    path: /^\.\/BlobQueryResponse\.js$/,
    importer: /@azure\/storage-blob\//,
    standIn: `export const BlobQueryResponse = ${refuseUse('BlobQueryResponse')};`,
    why: 'Answers of SQL queries over a blob; an archive is uploaded and downloaded whole.',
  },
  ...['service', 'container', 'pageBlob', 'appendBlob'].map((name): LeftOut => ({
    path: new RegExp(String.raw`^\./${name}\.js$`),
    importer: /@azure\/storage-blob\/dist\/esm\/generated\/src\/operations\/index\.js$/,
    standIn: `export const ${name.replace(/^./, (first) => first.toUpperCase())}Impl = ${refuseUse(name)};`,
    why: 'An archive is one block blob; what concerns accounts, containers and other kinds of blob is never asked for.',
  })),
  {
    path: /^\.\/test-transport$/,
    importer: /@protobuf-ts\/runtime-rpc\//,
    standIn: `export const TestTransport = ${refuseUse('TestTransport')};`,
    why: 'A stand-in for a server in the tests of those who use the package.',
  },
  {
    path: /^@ai-sdk\/gateway$/,
    importer: /\/ai\/dist\//,
    standIn: `export const GatewayError = ${NO_SUCH_ERROR}; export const GatewayAuthenticationError = ${NO_SUCH_ERROR}; export const createGateway = ${refuse('@ai-sdk/gateway')}; export const gateway = ${refuse('@ai-sdk/gateway')};`,
    why: 'A service that the AI SDK asks when a model is named by a string; `src/model/client` always hands over a model object.',
  },
  {
    path: /^\.\/from-json-schema\.js$/,
    importer: /\/zod\/v4\/classic\//,
    standIn: `export const fromJSONSchema = ${refuse('fromJSONSchema')};`,
    why: 'JSON Schemas are made from zod types, never the other way round.',
  },
  {
    path: /^\.\/compile\.js$/,
    importer: /\/zod\/v4\/core\//,
    standIn: `export const INVALID = Symbol.for('zod.compile.invalid'); export class ZodCompileAsyncError extends Error {} export class ZodCompileUnsupportedError extends Error {} export const compile = ${refuse('z.compile')}; export const compileFn = ${refuse('z.compile')}; export const withParser = ${refuse('z.withParser')};`,
    why: 'It makes a faster parser out of a schema when it is called (with `new Function`, too); nobody calls it.',
  },
  {
    path: /^decode-named-character-reference$/,
    importer: /\/(?:mdast-util-from-markdown|micromark[\w-]*)\//,
    standIn: `export const decodeNamedCharacterReference = ${refuse('decode-named-character-reference')};`,
    why: '`src/model/recipe/markdown.ts` reads no character references, labels or definitions: what is in a text stays as it is written.',
  },
];

/** Puts the small modules of `LEFT_OUT` where the libraries would be. */
export const leaveOut: Plugin = {
  name: 'left-out',
  setup(plugins) {
    for (const [index, { path: filter, importer: wanted, standIn }] of LEFT_OUT.entries()) {
      const namespace = `left-out-${index}`;
      plugins.onResolve({ filter }, ({ path, importer }) => (wanted.test(importer) ? { path, namespace, sideEffects: false } : null));
      plugins.onLoad({ filter: /.*/, namespace }, () => ({ contents: standIn }));
    }
  },
};
